/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** An info dictionary whose hash has been verified. Immutable. */
public final class Metadata {
    private final byte[] info;
    private final InfoHashes hashes;

    private Metadata(byte[] info, InfoHashes hashes) {
        this.info = info;
        this.hashes = hashes;
    }

    /**
     * Returns a verified info dictionary.
     *
     * @param info the bytes, which are copied
     * @throws IllegalArgumentException if the bytes do not have the hashes
     */
    public static Metadata of(byte[] info, InfoHashes hashes) {
        if (!hashes.matches(info)) {
            throw Ranges.failure(
                    "info", "the info dictionary of " + hashes, "one of " + InfoHashes.sha1(info) + " (v1)");
        }
        return verified(info.clone(), hashes);
    }

    /** Returns metadata for bytes that match and belong to this object from now on. */
    static Metadata verified(byte[] info, InfoHashes hashes) {
        if (hashes.isComplete()) {
            return new Metadata(info, hashes);
        }
        InfoHash v1 = InfoHashes.sha1(info);
        return new Metadata(
                info, hashes.wire().equals(v1) ? InfoHashes.of(v1) : InfoHashes.of(InfoHashes.sha256(info)));
    }

    /** Returns a copy of the info dictionary, byte for byte. */
    public byte[] info() {
        return info.clone();
    }

    /** Returns the verified hashes, of known version. */
    public InfoHashes hashes() {
        return hashes;
    }

    /**
     * Returns the torrent with this info dictionary and no other data. Reads the dictionary at each call, which takes
     * time for a large one. Its hash is verified, its content is not: the author of the torrent may be hostile.
     *
     * @throws TorrentException if the content is malformed
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

    /** Returns the hashes and the size. */
    @Override
    public String toString() {
        return hashes + ", " + info.length + " bytes";
    }
}
