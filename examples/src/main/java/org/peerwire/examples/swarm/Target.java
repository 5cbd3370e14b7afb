/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;

/**
 * What to download.
 *
 * @param hashes which torrent
 * @param torrent the torrent, or null while only the hashes are known
 * @param peers addresses to begin with
 */
public record Target(InfoHashes hashes, @Nullable Torrent torrent, List<InetSocketAddress> peers) {

    /** Copies the list. */
    public Target {
        peers = List.copyOf(peers);
    }

    /** What a magnet link names, with its peers. */
    public static Target of(MagnetLink link) {
        return new Target(
                link.hashes(),
                null,
                link.peers().stream().map(Addresses::resolve).toList());
    }

    /** A torrent whose metadata is there. */
    public static Target of(Torrent torrent) {
        return new Target(torrent.hashes(), torrent, List.of());
    }

    /** The hash for handshakes. */
    InfoHash infoHash() {
        return hashes.wire();
    }
}
