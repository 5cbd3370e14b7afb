/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.swarm.PeerStats;

/** The facts about the newest 256 peers whose wires have ended, and the proofs against liars. Not thread-safe. */
final class Past {
    private static final int MAX_PEERS = 256;

    private final Map<PeerId, PeerStats> peers = new LinkedHashMap<>();
    private final Map<PeerId, String> proofs = new LinkedHashMap<>();

    /** Adds the facts about a wire that has ended. */
    void add(PeerStats wire) {
        PeerStats earlier = peers.get(wire.id());
        put(peers, wire.id(), earlier == null ? wire : wire.plus(earlier));
    }

    /** Notes how it is proven that a peer has lied. */
    void prove(PeerId peer, String proof) {
        if (!proofs.containsKey(peer)) {
            put(proofs, peer, proof);
        }
    }

    private static <V> void put(Map<PeerId, V> map, PeerId peer, V value) {
        map.remove(peer);
        map.put(peer, value);
        if (map.size() > MAX_PEERS) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /** Returns the proof against a peer, or null. */
    @Nullable
    String proof(PeerId peer) {
        return proofs.get(peer);
    }

    /** Returns the facts about the peers, the newest last. */
    List<PeerStats> all() {
        return peers.values().stream().map(this::withProof).toList();
    }

    private PeerStats withProof(PeerStats peer) {
        return new PeerStats(
                peer.address(),
                peer.id(),
                false,
                peer.announced(),
                peer.received(),
                peer.wasted(),
                peer.sent(),
                0,
                0,
                peer.repeated(),
                peer.stalls(),
                peer.refusals(),
                peer.failedPieces(),
                proof(peer.id()));
    }
}
