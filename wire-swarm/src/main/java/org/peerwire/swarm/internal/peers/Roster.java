/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The open wires of a swarm: at most one for each peer, and no more than a maximum. Confined to the swarm's thread.
 *
 * <p>A wire can end before, while or after it is entered. One rule covers all three cases. The end is recorded at once,
 * on the thread on which it arrives. Every decision first removes the wires whose end is recorded.
 */
final class Roster {
    private static final int MAX_BANS = 1_000;
    private static final int MAX_PAST = 1_000;

    /** The age at which a wire that nobody needs may be replaced: two of them must not replace each other all the time. */
    private static final long USELESS_MILLIS = 60_000;

    /** The part of the wires that is left to peers that dial us: without room anywhere, no newcomer could join. */
    private static final int RESERVED_PART = 4;

    private static final InetSocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

    private final int maxWires;
    private final PeerBook book;
    private final Consumer<SwarmEvent> events;
    private final SwarmLoop loop;
    private final Map<PeerId, Member> members = new HashMap<>();
    private final Newest<PeerId> banned = new Newest<>(MAX_BANS);

    /** Addresses that are not dialled while the wire of the value, which leads to the same peer, is open. */
    private final Map<InetSocketAddress, Member> spare = new HashMap<>();

    /** The address of the last wire to peers that have been connected. */
    private final Map<PeerId, InetSocketAddress> past = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, InetSocketAddress> eldest) {
            return size() > MAX_PAST;
        }
    };

    /** True if a member may have ended that has not left. Written on any thread. */
    private volatile boolean unswept;

    private boolean closed;

    /** A wire and its end. */
    static final class Member {
        private final Wire wire;
        private final @Nullable InetSocketAddress dialled;

        /** The reason of the end; null while the wire is open. Written on any thread. */
        private volatile @Nullable String end;

        /** The error of our own session that closed the wire. Written on any thread. */
        private volatile @Nullable String failure;

        /** True after we ended the wire on purpose, which is not an event. */
        private boolean expected;

        private boolean left;

        /** The time in milliseconds at which it was entered. */
        private long since;

        /**
         * Creates a member that is not entered.
         *
         * @param dialled the address we dialled, or null if the peer dialled us
         */
        Member(Wire wire, @Nullable InetSocketAddress dialled) {
            this.wire = wire;
            this.dialled = dialled;
        }

        /** Notes the error of our own session, which says more than the end of the wire that follows it. Any thread. */
        void fail(Throwable error) {
            failure = Reasons.text(error);
        }

        Wire wire() {
            return wire;
        }

        private PeerId peer() {
            return wire.remote().peerId();
        }

        void disposeQuietly() {
            expected = true;
            wire.dispose();
        }
    }

    Roster(int maxWires, PeerBook book, Consumer<SwarmEvent> events, SwarmLoop loop) {
        this.maxWires = maxWires;
        this.book = book;
        this.events = events;
        this.loop = loop;
    }

    /**
     * Enters a wire. At the maximum, the wire replaces a useless one. The wire is closed instead if no other is useless,
     * if its peer is banned or connected already, and after {@link #close}.
     */
    void enter(Member member) {
        if (closed) {
            member.wire.dispose();
            return;
        }
        // signals during this call if the wire has ended already
        member.wire
                .onClose()
                .subscribe(null, e -> end(member, Reasons.text(e)), () -> end(member, "the connection was closed"));
        removeEnded();
        member.since = loop.millis();
        if (member.dialled != null) {
            book.opened(member.dialled, loop.millis());
        }
        Member other = members.get(member.peer());
        if (member.end != null) {
            tellConnected(member); // so that each disconnect event has its connect event
        } else if (isWelcome(member, other)) {
            members.put(member.peer(), member);
            tellConnected(member);
            if (other != null) {
                spare(other, member);
                other.disposeQuietly();
            }
        } else {
            if (member.dialled != null && banned.contains(member.peer())) {
                book.ban(member.dialled);
            } else if (other != null) {
                spare(member, other);
            }
            member.disposeQuietly();
        }
    }

    private boolean isWelcome(Member member, @Nullable Member other) {
        return !banned.contains(member.peer())
                && (other == null ? members.size() < maxWires || makeRoom() : isPreferred(member.wire, other.wire));
    }

    /** Closes the oldest wire on which neither side has wanted anything for a while. Returns false without one. */
    private boolean makeRoom() {
        long now = loop.millis();
        Optional<Member> useless = members.values().stream()
                .filter(member -> now - member.since >= USELESS_MILLIS && isUseless(member.wire.state()))
                .min(Comparator.comparingLong(member -> member.since));
        useless.ifPresent(member -> {
            member.disposeQuietly();
            leave(member);
        });
        return useless.isPresent();
    }

    private static boolean isUseless(PeerState state) {
        return !state.amInterested() && !state.peerInterested();
    }

    /**
     * Returns whether a later wire to a peer replaces the earlier one. Both sides keep the same: the earlier, or the
     * one dialled by the greater peer id if each has dialled.
     */
    private static boolean isPreferred(Wire later, Wire earlier) {
        String us = later.local().peerId().toHex();
        String them = later.remote().peerId().toHex();
        return later.initiator() != earlier.initiator() && later.initiator() == us.compareTo(them) > 0;
    }

    private void tellConnected(Member member) {
        InetSocketAddress dialled = member.dialled;
        PeerSource source = dialled == null ? null : book.source(dialled);
        events.accept(new SwarmEvent.Connected(Addresses.of(member.wire), member.peer(), source));
    }

    /** Keeps the address of the losing wire busy until the winner ends: a wire dialled earlier would lose again. */
    private void spare(Member loser, Member winner) {
        spare.replaceAll((address, member) -> member == loser ? winner : member);
        if (loser.dialled != null) {
            spare.put(loser.dialled, winner);
        }
    }

    /** Records the end of a wire. Runs on any thread. */
    private void end(Member member, String reason) {
        member.end = reason;
        unswept = true;
        loop.schedule(() -> leave(member));
    }

    private void removeEnded() {
        if (unswept) {
            unswept = false;
            List.copyOf(members.values()).stream()
                    .filter(member -> member.end != null)
                    .forEach(this::leave);
        }
    }

    private void leave(Member member) {
        if (member.left) {
            return;
        }
        member.left = true;
        members.remove(member.peer(), member);
        past.put(member.peer(), Addresses.of(member.wire));
        List<InetSocketAddress> free = spare.entrySet().stream()
                .filter(entry -> entry.getValue() == member)
                .map(Map.Entry::getKey)
                .toList();
        long received = member.wire.stats().payloadIn();
        free.forEach(address -> {
            spare.remove(address);
            book.closed(address, loop.millis(), received);
        });
        if (member.dialled != null && !spare.containsKey(member.dialled)) {
            book.closed(member.dialled, loop.millis(), received);
        }
        if (!member.expected) {
            String failure = member.failure;
            String reason = failure != null ? failure : String.valueOf(member.end);
            events.accept(new SwarmEvent.Disconnected(Addresses.of(member.wire), reason));
        }
    }

    /** Bans the peer of a wire, as {@link #ban(PeerId, InetSocketAddress, String)}. */
    void ban(Wire wire, String reason) {
        ban(wire.remote().peerId(), Addresses.of(wire), reason);
        wire.dispose();
    }

    /** Bans a peer, as {@link #ban(PeerId, InetSocketAddress, String)}, with the address of its last wire. */
    void ban(PeerId peer, String reason) {
        Member member = members.get(peer);
        InetSocketAddress known = member == null ? past.get(peer) : Addresses.of(member.wire);
        ban(peer, known == null ? UNKNOWN : known, reason);
    }

    /**
     * Bans a peer and an address. Closes the wire to the peer, which may have connected again meanwhile, and bans its
     * addresses. A second ban of a peer is ignored: it may have sent more bad pieces, which were on their way to the
     * disk.
     */
    private void ban(PeerId peer, InetSocketAddress address, String reason) {
        if (banned.contains(peer)) {
            return;
        }
        banned.add(peer);
        events.accept(new SwarmEvent.Banned(address, peer, reason));
        if (!address.isUnresolved()) {
            book.ban(address);
        }
        Member member = members.get(peer);
        if (member != null) {
            book.ban(Addresses.of(member.wire));
            if (member.dialled != null) {
                book.ban(member.dialled);
            }
            spare.forEach((other, winner) -> {
                if (winner == member) {
                    book.ban(other);
                }
            });
            member.disposeQuietly();
        }
    }

    /** Returns the open wires. */
    List<Wire> all() {
        removeEnded();
        return members.values().stream().map(member -> member.wire).toList();
    }

    /** Returns the number of open wires. */
    int size() {
        removeEnded();
        return members.size();
    }

    /**
     * Returns the number of further wires that we may dial.
     *
     * @param isReachable true if peers may dial us
     */
    int room(boolean isReachable) {
        return maxWires - (isReachable ? maxWires / RESERVED_PART : 0) - size();
    }

    /** Returns the number of banned peers. */
    int banned() {
        return banned.size();
    }

    /**
     * Closes every wire in order. A wire that is entered later is closed at once. Completes when the wires are closed.
     *
     * @param deadline the time after which a wire is cut, 1 ms or more
     */
    Mono<Void> close(Duration deadline) {
        closed = true;
        List<Member> open = List.copyOf(members.values());
        open.forEach(member -> member.expected = true);
        return Flux.fromIterable(open)
                .flatMap(
                        member -> member.wire
                                .close(deadline)
                                .then(member.wire.onClose())
                                .onErrorComplete(),
                        Integer.MAX_VALUE)
                .then();
    }
}
