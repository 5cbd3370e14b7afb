/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.encryption.Sha1;

/**
 * The torrents a server accepts encrypted handshakes for. Such a handshake does not name its info hash but a hash of it;
 * these are computed once, when a torrent is added, so that accepting costs the same with ten thousand torrents as with
 * one. Thread-safe; changes take effect for the next handshake.
 */
public final class EncryptionKeys {
    private final Map<ByteBuffer, InfoHash> byHash = new ConcurrentHashMap<>();

    private EncryptionKeys() {}

    /** The keys of these torrents; more can be added. */
    public static EncryptionKeys of(InfoHash... torrents) {
        EncryptionKeys keys = new EncryptionKeys();
        for (InfoHash torrent : torrents) {
            keys.add(torrent);
        }
        return keys;
    }

    /** Adds a torrent, if it is not there. A hybrid has two: its version 1 hash and its truncated version 2 hash. */
    public void add(InfoHash torrent) {
        byHash.put(hash(torrent), torrent);
    }

    /** Removes a torrent, if it is there; wires that are open stay. */
    public void remove(InfoHash torrent) {
        byHash.remove(hash(torrent));
    }

    /** How many torrents there are. */
    public int size() {
        return byHash.size();
    }

    /**
     * The torrent whose {@code HASH('req2', SKEY)} this is, or null. For the engine; computes no hash.
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
