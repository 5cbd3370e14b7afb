/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.publisher.Flux;

/** The peers that one sender has added and not dropped, as one subscriber accepts them. Not thread-safe. */
final class PexMemory {
    private final PexOptions options;
    private final PexLimits limits;
    private final SocketAddress teller;
    private final Predicate<? super InetSocketAddress> ours;
    private final Predicate<? super InetSocketAddress> proven;
    private final Consumer<PexIgnored> ignored;
    private final Set<InetSocketAddress> remembered = new LinkedHashSet<>();

    /**
     * Creates an empty memory.
     *
     * @param teller the address of the sender
     * @param ours returns true for an address of our side, which some peers add
     * @param proven returns true for an address at which a peer was reached
     */
    PexMemory(
            PexOptions options,
            SocketAddress teller,
            Predicate<? super InetSocketAddress> ours,
            Predicate<? super InetSocketAddress> proven,
            Consumer<PexIgnored> ignored) {
        this.options = options;
        this.limits = options.limits();
        this.teller = teller;
        this.ours = ours;
        this.proven = proven;
        this.ignored = ignored;
    }

    /** Returns the changes that messages make. Requests the next message when the events of the last one are taken. */
    Flux<PeerEvent> events(Flux<PexMessage> messages) {
        return messages.map(this::events).concatMapIterable(Function.identity(), 1);
    }

    /** Returns the changes that one message makes. */
    List<PeerEvent> events(PexMessage message) {
        Set<InetSocketAddress> dropped = new LinkedHashSet<>(message.dropped());
        Set<InetSocketAddress> contradictory = new HashSet<>();
        for (Added entry : message.added()) {
            if (dropped.remove(entry.peer())) {
                contradictory.add(entry.peer());
                ignored.accept(PexIgnored.CONTRADICTORY);
            }
        }
        List<PeerEvent> events = new ArrayList<>();
        for (InetSocketAddress peer : dropped) {
            if (remembered.remove(peer)) {
                events.add(new Dropped(peer));
            } else {
                ignored.accept(PexIgnored.UNKNOWN_DROP);
            }
        }
        Map<InetSocketAddress, Added> news = news(message, contradictory);
        makeRoom(news.keySet(), events);
        remembered.addAll(news.keySet());
        events.addAll(news.values());
        return events;
    }

    private Map<InetSocketAddress, Added> news(PexMessage message, Set<InetSocketAddress> contradictory) {
        Map<InetSocketAddress, Added> news = new LinkedHashMap<>();
        Crowd crowd = new Crowd(limits);
        int unproven = 0;
        for (Added entry : message.added()) {
            InetSocketAddress peer = entry.peer();
            if (contradictory.contains(peer)) {
                continue;
            }
            boolean isProven = proven.test(peer);
            if (remembered.contains(peer) || news.containsKey(peer)) {
                ignored.accept(PexIgnored.REPEATED);
            } else if (ours.test(peer) || !options.policy().accept(peer, teller)) {
                ignored.accept(PexIgnored.REFUSED);
            } else if (!isProven && unproven >= limits.maxUnproven()) {
                ignored.accept(PexIgnored.UNPROVEN);
            } else if (news.size() >= limits.remembered()) {
                ignored.accept(PexIgnored.TOO_MANY);
            } else if (!crowd.admit(peer.getAddress())) {
                ignored.accept(PexIgnored.CROWDED);
            } else {
                unproven += isProven ? 0 : 1;
                news.put(peer, entry);
            }
        }
        return news;
    }

    /**
     * Drops the oldest addresses, not the newest. libtorrent adds and drops an inbound peer with different ports,
     * so after some hours all addresses of an honest peer may be stale.
     */
    private void makeRoom(Set<InetSocketAddress> news, List<PeerEvent> events) {
        List<InetSocketAddress> unproven =
                remembered.stream().filter(Predicate.not(proven)).toList();
        long newUnproven = news.stream().filter(Predicate.not(proven)).count();
        forget(unproven, unproven.size() + newUnproven - limits.maxUnproven(), events);
        forget(List.copyOf(remembered), remembered.size() + news.size() - limits.remembered(), events);
    }

    private void forget(List<InetSocketAddress> oldestFirst, long surplus, List<PeerEvent> events) {
        oldestFirst.stream().limit(Math.max(0, surplus)).forEach(peer -> {
            remembered.remove(peer);
            events.add(new Dropped(peer, Dropped.Reason.NO_ROOM));
        });
    }
}
