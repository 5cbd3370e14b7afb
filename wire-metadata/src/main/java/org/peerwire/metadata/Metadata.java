/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** An info dictionary that is proven to be the one an info hash stands for. Immutable. */
public final class Metadata {
    private final byte[] info;
    private final InfoHashes hashes;

    private Metadata(byte[] info, InfoHashes hashes) {
        this.info = info;
        this.hashes = hashes;
    }

    /**
     * Checks an info dictionary against the info hash.
     *
     * @param info the bytes, which are copied
     * @throws IllegalArgumentException if it is another one
     */
    public static Metadata of(byte[] info, InfoHashes hashes) {
        if (!hashes.matches(info)) {
            throw Ranges.failure(
                    "info", "the info dictionary of " + hashes, "one of " + InfoHashes.sha1(info) + " (v1)");
        }
        return verified(info.clone(), hashes);
    }

    /** For bytes that match and that nobody else has. */
    static Metadata verified(byte[] info, InfoHashes hashes) {
        if (hashes.isComplete()) {
            return new Metadata(info, hashes);
        }
        InfoHash v1 = InfoHashes.sha1(info);
        return new Metadata(
                info, hashes.wire().equals(v1) ? InfoHashes.of(v1) : InfoHashes.of(InfoHashes.sha256(info)));
    }

    /** A copy of the info dictionary, byte for byte. */
    public byte[] info() {
        return info.clone();
    }

    /** The hashes that were checked; their kind is known now. */
    public InfoHashes hashes() {
        return hashes;
    }

    /**
     * The torrent with this info dictionary and nothing else. Read at each call, which takes a moment for a large one:
     * the bytes are proven, but whoever made the torrent can have put anything in them.
     *
     * @throws TorrentException if it cannot be used
     */
    public Torrent torrent() {
        return Torrent.fromInfo(info);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Metadata metadata && hashes.equals(metadata.hashes);
    }

    @Override
    public int hashCode() {
        return hashes.hashCode();
    }

    /** The hashes and the size. */
    @Override
    public String toString() {
        return hashes + ", " + info.length + " bytes";
    }
}
