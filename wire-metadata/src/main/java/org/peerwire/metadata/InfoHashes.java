/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * The info hashes of one torrent: version 1 (BEP 3), version 2 (BEP 52), or both for a hybrid. {@link #ofHandshake} has
 * only the twenty bytes of a handshake, of unknown version. Immutable.
 */
public final class InfoHashes {
    private final @Nullable InfoHash v1;
    private final @Nullable InfoHashV2 v2;
    private final InfoHash wire;

    private InfoHashes(@Nullable InfoHash v1, @Nullable InfoHashV2 v2, InfoHash wire) {
        this.v1 = v1;
        this.v2 = v2;
        this.wire = wire;
    }

    /** Returns the hashes of a version 1 torrent. */
    public static InfoHashes of(InfoHash v1) {
        return new InfoHashes(v1, null, v1);
    }

    /** Returns the hashes of a version 2 torrent. */
    public static InfoHashes of(InfoHashV2 v2) {
        return new InfoHashes(null, v2, v2.truncated());
    }

    /** Returns the hashes of a hybrid: one info dictionary with both hashes. */
    public static InfoHashes hybrid(InfoHash v1, InfoHashV2 v2) {
        return new InfoHashes(v1, v2, v1);
    }

    /**
     * Returns the hash of a handshake: a SHA-1, or the first twenty bytes of a SHA-256. {@link #matches} accepts both.
     * {@link #v1()} and {@link #v2()} are null.
     */
    public static InfoHashes ofHandshake(InfoHash wire) {
        return new InfoHashes(null, null, wire);
    }

    /**
     * Returns the hash in a text without a link around it: 40 hexadecimal or 32 base32 characters for version 1, 64
     * hexadecimal characters, with or without the prefix 1220, for version 2. Ignores case and blanks around it.
     *
     * @throws IllegalArgumentException if the text has another form; the message is one line for people
     */
    public static InfoHashes parse(String text) {
        String hash = text.strip();
        return find(hash)
                .orElseThrow(() -> new IllegalArgumentException("an info hash must be " + HashText.V1
                        + ", or 64 hexadecimal characters for version 2, was " + Printable.quoted(hash) + " of "
                        + hash.length() + " characters"));
    }

    /** Returns the hash in a text, or empty if the text has another form. */
    static Optional<InfoHashes> find(String text) {
        return HashText.v1(text)
                .map(InfoHashes::of)
                .or(() -> HashText.v2(text).map(InfoHashes::of))
                .or(() -> HashText.multihash(text).map(InfoHashes::of));
    }

    /** Returns the version 1 hash, or null. */
    public @Nullable InfoHash v1() {
        return v1;
    }

    /** Returns the version 2 hash, or null. */
    public @Nullable InfoHashV2 v2() {
        return v2;
    }

    /** Returns the hash for a handshake: version 1 if known, else version 2 truncated. */
    public InfoHash wire() {
        return wire;
    }

    /** Returns true if the version is known, so that {@link #v1()} or {@link #v2()} is not null. */
    public boolean isComplete() {
        return v1 != null || v2 != null;
    }

    /**
     * Returns the hashes of handshakes and announces, each once: {@link #wire()}, and of a hybrid also the truncated
     * version 2 (BEP 52).
     */
    public List<InfoHash> handshakes() {
        return v2 == null || v2.truncated().equals(wire) ? List.of(wire) : List.of(wire, v2.truncated());
    }

    /** Returns true if a wire with this hash in its handshake belongs to this torrent. */
    public boolean contains(InfoHash handshake) {
        return handshakes().contains(handshake);
    }

    /**
     * Returns true if bytes are the info dictionary. Each known hash must match, the version 2 hash in all its 32
     * bytes. Hashes the whole input.
     */
    public boolean matches(byte[] infoDictionary) {
        if (!isComplete()) {
            return sha1(infoDictionary).equals(wire)
                    || sha256(infoDictionary).truncated().equals(wire);
        }
        return (v1 == null || v1.equals(sha1(infoDictionary))) && (v2 == null || v2.equals(sha256(infoDictionary)));
    }

    static InfoHash sha1(byte[] infoDictionary) {
        return InfoHash.of(Digests.sha1().digest(infoDictionary));
    }

    static InfoHashV2 sha256(byte[] infoDictionary) {
        return InfoHashV2.of(Digests.sha256().digest(infoDictionary));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InfoHashes hashes
                && wire.equals(hashes.wire)
                && Objects.equals(v1, hashes.v1)
                && Objects.equals(v2, hashes.v2);
    }

    @Override
    public int hashCode() {
        return wire.hashCode();
    }

    @Override
    public String toString() {
        if (v1 != null && v2 != null) {
            return v1 + " (v1), " + v2 + " (v2)";
        }
        return v1 != null ? v1 + " (v1)" : v2 != null ? v2 + " (v2)" : wire.toString();
    }
}
