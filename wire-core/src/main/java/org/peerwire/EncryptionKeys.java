/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.encryption.Sha1;

/**
 * The torrents that a server accepts encrypted handshakes for. Such a handshake names a hash of the info hash instead
 * of the info hash. These hashes are computed once, when a torrent is added, so a handshake costs the same for any
 * number of torrents. Thread-safe; changes take effect for the next handshake.
 */
public final class EncryptionKeys {
    private final Map<ByteBuffer, InfoHash> byHash = new ConcurrentHashMap<>();

    private EncryptionKeys() {}

    /** Returns a new set of these torrents. */
    public static EncryptionKeys of(InfoHash... torrents) {
        EncryptionKeys keys = new EncryptionKeys();
        for (InfoHash torrent : torrents) {
            keys.add(torrent);
        }
        return keys;
    }

    /** Adds a torrent. A hybrid needs both its version 1 hash and its truncated version 2 hash. */
    public void add(InfoHash torrent) {
        byHash.put(hash(torrent), torrent);
    }

    /** Removes a torrent. Open wires stay open. */
    public void remove(InfoHash torrent) {
        byHash.remove(hash(torrent));
    }

    /** Returns the number of torrents. */
    public int size() {
        return byHash.size();
    }

    /**
     * Returns the torrent with a {@code HASH('req2', SKEY)}, or null. Called by the engine for each encrypted
     * handshake; it is public for that only.
     *
     * @param hash 20 bytes
     */
    public @Nullable InfoHash find(byte[] hash) {
        return byHash.get(ByteBuffer.wrap(hash));
    }

    private static ByteBuffer hash(InfoHash torrent) {
        return ByteBuffer.wrap(Sha1.DIGEST.of("req2", torrent.bytes()));
    }
}
