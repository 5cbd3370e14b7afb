/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.LinkedHashMap;
import java.util.Map;
import org.peerwire.PeerId;

/** The conduct of the newest 1,024 peers: one that connects again, or twice, keeps its past. Not thread-safe. */
final class Conducts {
    private static final int MAX_PEERS = 1_024;

    private final Map<PeerId, Conduct> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Conduct> eldest) {
            return size() > MAX_PEERS;
        }
    };

    /** Returns the conduct of a peer, which all of its wires share. */
    Conduct of(PeerId peer) {
        return known.computeIfAbsent(peer, id -> new Conduct());
    }
}
