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
 * A torrent to download.
 *
 * @param hashes the info hashes of the torrent
 * @param torrent the torrent, or null while only the hashes are known
 * @param peers the first addresses to dial
 */
public record Target(InfoHashes hashes, @Nullable Torrent torrent, List<InetSocketAddress> peers) {

    /** Copies the list. */
    public Target {
        peers = List.copyOf(peers);
    }

    /** Returns the target of a magnet link, with the peers of the link. Resolves their hosts, which blocks. */
    public static Target of(MagnetLink link) {
        return new Target(
                link.hashes(),
                null,
                link.peers().stream().map(Addresses::resolve).toList());
    }

    /** Returns the target of a known torrent. */
    public static Target of(Torrent torrent) {
        return new Target(torrent.hashes(), torrent, List.of());
    }

    /** Returns the info hash for handshakes. */
    InfoHash infoHash() {
        return hashes.wire();
    }
}
