/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

/** The input is not bencode, or not within the limits: why, and at which byte. */
public final class BencodeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the input. */
    public enum Reason {
        /** A byte that cannot stand where it stands. */
        SYNTAX,
        /** The input ends before the value does; more bytes could complete it. */
        TRUNCATED,
        /** An integer or a string length outside 64 bits. */
        OVERFLOW,
        /** More lists and dictionaries inside each other than {@link BencodeLimits#maxDepth()}. */
        DEPTH,
        /** More tokens than {@link BencodeLimits#maxTokens()}. */
        TOKENS,
        /** Bytes behind a value that had to be the whole input. */
        TRAILING_BYTES,
        /** A {@link Bencode.SoftError} where only the canonical form is accepted. */
        NOT_CANONICAL
    }

    private final Reason reason;
    private final int offset;

    BencodeException(Reason reason, int offset, String detail) {
        super("bad bencode at byte " + offset + ": " + detail);
        this.reason = reason;
        this.offset = offset;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }

    /** The byte where it was noticed, from 0 at the first byte of the value. */
    public int offset() {
        return offset;
    }
}
