/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;

/**
 * The peers that tellers have added, each with the tellers that vouch for it. A peer is known while at least one
 * teller vouches for it. At the capacity, the teller with the most peers loses its oldest peer, so a teller that
 * invents peers replaces its own.
 *
 * @param <T> the tellers, compared by equals
 */
final class Hearsay<T> {
    private final int capacity;
    private final Map<InetSocketAddress, Set<T>> tellers = new HashMap<>();
    private final Map<T, Set<InetSocketAddress>> told = new LinkedHashMap<>();

    Hearsay(int capacity) {
        this.capacity = capacity;
    }

    /** Applies an event of a teller and returns the changes to the known peers, in order. */
    List<PeerEvent> tell(T teller, PeerEvent event) {
        return event instanceof Added added ? add(teller, added) : drop(teller, event);
    }

    /** Removes a teller and returns the drops of the peers that only it vouched for. */
    List<PeerEvent> forget(T teller) {
        List<PeerEvent> changes = new ArrayList<>();
        for (InetSocketAddress peer : List.copyOf(told.getOrDefault(teller, Set.of()))) {
            changes.addAll(drop(teller, new Dropped(peer, Dropped.Reason.SENDER_LEFT)));
        }
        return changes;
    }

    boolean isEmpty() {
        return tellers.isEmpty() && told.isEmpty();
    }

    /** Returns the tellers that vouch for a peer. */
    Set<T> tellers(InetSocketAddress peer) {
        return tellers.getOrDefault(peer, Set.of());
    }

    /** Returns the number of known peers that a teller vouches for. */
    int count(T teller) {
        return told.getOrDefault(teller, Set.of()).size();
    }

    private List<PeerEvent> add(T teller, Added added) {
        List<PeerEvent> changes = new ArrayList<>();
        Set<T> vouching = tellers.get(added.peer());
        if (vouching == null) {
            if (tellers.size() >= capacity) {
                makeRoom(teller, changes);
            }
            vouching = new HashSet<>();
            tellers.put(added.peer(), vouching);
            changes.add(added);
        }
        vouching.add(teller);
        told.computeIfAbsent(teller, t -> new LinkedHashSet<>()).add(added.peer());
        return changes;
    }

    private List<PeerEvent> drop(T teller, PeerEvent event) {
        InetSocketAddress peer = event.peer();
        Set<T> vouching = tellers.get(peer);
        if (vouching == null || !vouching.remove(teller)) {
            return List.of();
        }
        unlist(teller, peer);
        if (!vouching.isEmpty()) {
            return List.of();
        }
        tellers.remove(peer);
        return List.of(event);
    }

    private void makeRoom(T newcomer, List<PeerEvent> changes) {
        // With equal counts the newcomer loses its own peer.
        Comparator<T> byCount = Comparator.comparingInt(this::count);
        @Nullable
        T greediest = told.keySet().stream()
                .max(byCount.thenComparing(teller -> teller.equals(newcomer)))
                .orElse(null);
        if (greediest == null) {
            return;
        }
        InetSocketAddress oldest =
                told.getOrDefault(greediest, Set.of()).iterator().next();
        Set<T> vouching = tellers.remove(oldest);
        if (vouching != null) {
            vouching.forEach(teller -> unlist(teller, oldest));
        }
        changes.add(new Dropped(oldest, Dropped.Reason.NO_ROOM));
    }

    private void unlist(T teller, InetSocketAddress peer) {
        told.computeIfPresent(teller, (t, peers) -> {
            peers.remove(peer);
            return peers.isEmpty() ? null : peers;
        });
    }
}
