/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.internal.pieces.Download;

/** The download of a swarm, from the moment when the torrent is known. Confined to the thread of the swarm. */
final class Stage {
    /** The download; null while the torrent is unknown. */
    @Nullable
    Download download;

    /** Returns true if we know the torrent and want nothing of it. */
    boolean isSeed() {
        return download != null && download.isIdle();
    }
}
