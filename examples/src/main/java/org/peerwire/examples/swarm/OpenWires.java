/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The open wires of a swarm: at most one for each peer, and no more than a maximum. Confined to the swarm's thread.
 *
 * <p>A wire can end before, while or after it is entered. One rule covers all three cases. The end is recorded at once,
 * on the thread on which it arrives. Every decision first removes the wires whose end is recorded.
 */
final class OpenWires {
    private static final int MAX_BANS = 1_000;

    private final int maxPeers;
    private final AddressBook book;
    private final SwarmEvent.Listener events;
    private final Scheduler loop;
    private final Map<PeerId, Member> members = new HashMap<>();
    private final Newest<PeerId> banned = new Newest<>(MAX_BANS);

    /** Addresses that are not dialled while the wire of the value, which leads to the same peer, is open. */
    private final Map<InetSocketAddress, Member> spare = new HashMap<>();

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

        private PeerId peer() {
            return wire.remote().peerId();
        }

        private void disposeQuietly() {
            expected = true;
            wire.dispose();
        }
    }

    OpenWires(int maxPeers, AddressBook book, SwarmEvent.Listener events, Scheduler loop) {
        this.maxPeers = maxPeers;
        this.book = book;
        this.events = events;
        this.loop = loop;
    }

    /**
     * Enters a wire. Closes it instead over the maximum, for a banned peer, for a second wire to the same peer, and
     * after {@link #close}.
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
        if (member.dialled != null) {
            book.opened(member.dialled, now());
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
        boolean fits = other == null ? members.size() < maxPeers : isPreferred(member.wire, other.wire);
        return fits && !banned.contains(member.peer());
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
        events.on(new SwarmEvent.Connected(Addresses.of(member.wire), member.peer(), member.wire.initiator()));
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
        loop.schedule(() -> leave(member));
    }

    private void removeEnded() {
        List.copyOf(members.values()).stream()
                .filter(member -> member.end != null)
                .forEach(this::leave);
    }

    private void leave(Member member) {
        if (member.left) {
            return;
        }
        member.left = true;
        members.remove(member.peer(), member);
        List<InetSocketAddress> free = spare.entrySet().stream()
                .filter(entry -> entry.getValue() == member)
                .map(Map.Entry::getKey)
                .toList();
        boolean useful = member.wire.stats().payloadIn() > 0;
        free.forEach(address -> {
            spare.remove(address);
            book.closed(address, now(), useful);
        });
        if (member.dialled != null && !spare.containsKey(member.dialled)) {
            book.closed(member.dialled, now(), useful);
        }
        if (!member.expected) {
            String failure = member.failure;
            String reason = failure != null ? failure : String.valueOf(member.end);
            events.on(new SwarmEvent.Disconnected(Addresses.of(member.wire), reason));
        }
    }

    /** Closes the wire to the peer of a wire, which may have connected again meanwhile, and bans the peer. */
    void drop(Wire wire, String reason) {
        PeerId peer = wire.remote().peerId();
        if (banned.contains(peer)) {
            return; // the peer had sent more bad pieces, which were still on their way to the disk
        }
        banned.add(peer);
        events.on(new SwarmEvent.Dropped(Addresses.of(wire), reason));
        book.ban(Addresses.of(wire));
        Member member = members.get(peer);
        if (member != null) {
            book.ban(Addresses.of(member.wire));
            member.disposeQuietly();
        }
        wire.dispose();
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
     * Closes every wire in order. A wire that is entered later is closed at once. Completes when the wires are closed.
     */
    Mono<Void> close() {
        closed = true;
        List<Member> open = List.copyOf(members.values());
        open.forEach(member -> member.expected = true);
        return Flux.fromIterable(open)
                .flatMap(member ->
                        member.wire.close().then(member.wire.onClose()).onErrorComplete())
                .then();
    }

    /** Closes every wire at once, and each wire that is entered later. */
    void dispose() {
        closed = true;
        members.values().forEach(Member::disposeQuietly);
    }

    private long now() {
        return loop.now(TimeUnit.MILLISECONDS);
    }
}
