/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import org.peerwire.TorrentShape;
import org.peerwire.Wire;

/** The private torrents (BEP 27), in which this module exchanges nothing. */
final class PrivateTorrents {

    private PrivateTorrents() {}

    /** Returns true if the torrent of a wire is known to be private. */
    static boolean isPrivate(Wire wire) {
        return wire.torrent().filter(TorrentShape::isPrivate).isPresent();
    }
}
