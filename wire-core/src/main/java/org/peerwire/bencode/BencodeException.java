/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

/** The failure to decode an input: it is malformed or exceeds the limits. */
public final class BencodeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** A byte is not allowed at its position. */
        SYNTAX,
        /** The input ends inside the value. More bytes could complete it. */
        TRUNCATED,
        /** A string length needs more than 64 bits. */
        OVERFLOW,
        /** Lists and dictionaries are nested deeper than {@link BencodeLimits#maxDepth()}. */
        DEPTH,
        /** The value has more tokens than {@link BencodeLimits#maxTokens()}. */
        TOKENS,
        /** Bytes follow a value that must be the whole input. */
        TRAILING_BYTES,
        /** The value has a {@link Bencode.SoftError}, and only the canonical form is accepted. */
        NOT_CANONICAL
    }

    private final Reason reason;
    private final int offset;

    BencodeException(Reason reason, int offset, String detail) {
        super("malformed bencode at byte " + offset + ": " + detail);
        this.reason = reason;
        this.offset = offset;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the offset of the failure in bytes, counted from the first byte of the value. */
    public int offset() {
        return offset;
    }
}
