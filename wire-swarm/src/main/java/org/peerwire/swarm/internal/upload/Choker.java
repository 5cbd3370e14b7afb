/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.swarm.ChokeStrategy;
import org.peerwire.swarm.ChokeStrategy.Candidate;
import reactor.util.Loggers;

/**
 * The upload slots of a swarm (BEP 3). A round gives all but one to the first peers of the ranking, and one by chance.
 * Between rounds, a free slot goes to the next interested peer at once. Confined to the thread of the swarm.
 */
final class Choker {
    /** The optimistic unchoke changes in every third round: after 30 seconds. */
    private static final int OPTIMISTIC_ROUNDS = 3;
    /** A new peer has nothing to give yet, so it gets the optimistic unchoke more often (BEP 3). */
    private static final int CHANCES_OF_NEW_PEER = 3;

    private final int slots;
    private final ChokeStrategy strategy;
    private final BooleanSupplier isSeed;
    private final Random random;
    private final Map<Wire, ServedPeer> peers = new LinkedHashMap<>();

    /** The peers that may get a slot, the best first: the last ranking, then those that became interested later. */
    private final Set<ServedPeer> order = new LinkedHashSet<>();

    /** The number of rounds so far. Before the first, nobody is unchoked. */
    private long rounds;

    private int unchoked;
    private @Nullable ServedPeer optimistic;

    Choker(int slots, ChokeStrategy strategy, BooleanSupplier isSeed, Random random) {
        this.slots = slots;
        this.strategy = strategy;
        this.isSeed = isSeed;
        this.random = random;
    }

    Collection<ServedPeer> peers() {
        return peers.values();
    }

    @Nullable
    ServedPeer find(Wire wire) {
        return peers.get(wire);
    }

    void add(ServedPeer peer) {
        peer.joined = rounds;
        peers.put(peer.wire, peer);
        onState(peer);
    }

    /** Removes a peer, whose slot goes to the next one. */
    void remove(ServedPeer peer) {
        if (peers.remove(peer.wire, peer)) {
            order.remove(peer);
            if (peer.isUnchoked) {
                peer.unchoke(false); // the wire may go on, without anybody who serves it
                peer.isUnchoked = false;
                unchoked--;
            }
            optimistic = optimistic == peer ? null : optimistic;
            fill();
        }
    }

    /** Looks at the interest of a peer. */
    void onState(ServedPeer peer) {
        boolean isInterested = peer.wire.state().peerInterested();
        if (peers.get(peer.wire) != peer || peer.isInterested == isInterested) {
            return;
        }
        peer.isInterested = isInterested;
        if (!isInterested) {
            order.remove(peer);
            peer.hasLeftSlot |= peer.isUnchoked;
            choke(peer);
        } else if (!peer.isLeftOut) {
            order.add(peer);
        }
        fill();
    }

    /** Assigns all slots again. Call it every 10 seconds. */
    void round(long now) {
        if (slots == 0) {
            return;
        }
        rounds++;
        Map<PeerId, ServedPeer> interested = new LinkedHashMap<>();
        List<Candidate> candidates = new ArrayList<>();
        for (ServedPeer peer : peers.values()) {
            Candidate candidate = peer.candidate(now);
            peer.hasLeftSlot = false;
            if (peer.isInterested && interested.putIfAbsent(candidate.id(), peer) == null) {
                candidates.add(candidate);
            }
        }
        Set<ServedPeer> ranking = rank(candidates, interested);
        interested.values().forEach(peer -> peer.isLeftOut = !ranking.contains(peer));
        order.clear();
        order.addAll(ranking);

        Set<ServedPeer> chosen =
                new HashSet<>(ranking.stream().limit(slots - 1L).toList());
        ServedPeer lucky = chooseOptimistic(interested.values(), chosen);
        optimistic = lucky;
        if (lucky != null) {
            chosen.add(lucky);
        }
        peers.values().stream().filter(peer -> !chosen.contains(peer)).forEach(this::choke);
        peers.values().stream().filter(chosen::contains).forEach(this::unchoke);
        fill();
    }

    private Set<ServedPeer> rank(List<Candidate> candidates, Map<PeerId, ServedPeer> interested) {
        Set<ServedPeer> ranking = new LinkedHashSet<>();
        try {
            for (Candidate candidate :
                    strategy.rank(new ChokeStrategy.Round(isSeed.getAsBoolean(), slots, candidates, random))) {
                ServedPeer peer = interested.get(candidate.id());
                if (peer != null) {
                    ranking.add(peer);
                }
            }
        } catch (RuntimeException e) {
            Loggers.getLogger(ChokeStrategy.class)
                    .error("The strategy failed; the peers keep the order of their age", e);
            ranking.addAll(interested.values());
        }
        return ranking;
    }

    /** Returns a peer without another slot. Also one that the strategy has left out: it gets a second chance. */
    private @Nullable ServedPeer chooseOptimistic(Collection<ServedPeer> interested, Set<ServedPeer> chosen) {
        ServedPeer now = optimistic;
        boolean isFree = now != null && now.isInterested && !chosen.contains(now);
        boolean isTurn = (rounds - 1) % OPTIMISTIC_ROUNDS == 0;
        if (isFree && !isTurn) {
            return now;
        }
        List<ServedPeer> others =
                interested.stream().filter(peer -> !chosen.contains(peer)).toList();
        List<ServedPeer> waiting =
                others.stream().filter(peer -> !peer.isUnchoked).toList();
        List<ServedPeer> lots = new ArrayList<>();
        for (ServedPeer peer : waiting.isEmpty() ? others : waiting) {
            boolean isNew = rounds - peer.joined <= OPTIMISTIC_ROUNDS;
            for (int i = isNew ? CHANCES_OF_NEW_PEER : 1; i > 0; i--) {
                lots.add(peer);
            }
        }
        return lots.isEmpty() ? null : lots.get(random.nextInt(lots.size()));
    }

    /** Gives the free slots to the next peers. */
    private void fill() {
        if (rounds == 0 || unchoked >= slots) {
            return;
        }
        for (ServedPeer peer : order) {
            if (unchoked >= slots) {
                return;
            }
            if (!peer.isUnchoked && !peer.hasLeftSlot) {
                boolean isLast = unchoked == slots - 1;
                unchoke(peer);
                if (isLast && peer.isUnchoked && optimistic == null) {
                    optimistic = peer;
                }
            }
        }
    }

    private void unchoke(ServedPeer peer) {
        if (unchoked < slots && peer.unchoke(true)) {
            unchoked++;
        }
    }

    private void choke(ServedPeer peer) {
        if (peer.unchoke(false)) {
            unchoked--;
        }
    }
}
