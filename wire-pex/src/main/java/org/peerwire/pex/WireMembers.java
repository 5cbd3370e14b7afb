/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The wires of one torrent that take part in a swarm or a relay. A wire takes part once, until it ends, until its
 * member is disposed, or until all members are.
 *
 * <p>An end can come while a wire joins, on another thread. So the wire is added first, and the check for its
 * end follows. The check detects an earlier end, and a later end finds the added wire.
 *
 * @param <M> the members
 */
final class WireMembers<M extends WireMembers.Member> implements Disposable {
    private final Mailbox mailbox;
    private final AtomicReference<@Nullable InfoHash> infoHash = new AtomicReference<>();

    /** Touched in the mailbox only. */
    private final Map<Wire, M> members = new LinkedHashMap<>();

    private volatile boolean disposed;

    WireMembers(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /**
     * Lets a member take part, unless its wire does already, its torrent is private, or all members were disposed.
     *
     * @return removes the member; disposed if it does not take part
     * @throws IllegalArgumentException if the wire is of another torrent than the first one
     */
    Disposable join(M member) {
        InfoHash hash = member.wire.local().infoHash();
        infoHash.compareAndSet(null, hash);
        InfoHash ours = infoHash.get();
        if (ours != null && !ours.equals(hash)) {
            throw new IllegalArgumentException("the info hash of the wire must be " + ours + ", was " + hash);
        }
        if (disposed || PrivateTorrents.isPrivate(member.wire)) {
            return Disposables.disposed();
        }
        mailbox.post(() -> enter(member));
        member.begin(); // not in the mailbox, where another thread might be late and miss messages
        return member;
    }

    /** Removes all members; their wires stay open. */
    @Override
    public void dispose() {
        disposed = true;
        mailbox.post(() -> List.copyOf(members.values()).forEach(this::leave));
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    // ---- in the mailbox ----

    /** Returns the members. */
    Collection<M> all() {
        return members.values();
    }

    private void enter(M member) {
        if (members.putIfAbsent(member.wire, member) != null || disposed || member.hasEnded()) {
            leave(member);
        } else {
            member.present = true;
            member.onEnter();
        }
    }

    private void leave(Member member) {
        member.left = true;
        member.subscriptions.dispose();
        members.remove(member.wire, member);
        if (member.present) {
            member.present = false;
            member.onLeave();
        }
    }

    /** One wire that takes part. Disposing it removes the wire, which stays open. */
    abstract static class Member implements Disposable {
        final Wire wire;
        private final WireMembers<?> group;
        private final Disposable.Composite subscriptions = Disposables.composite();
        private volatile boolean left;

        /** Touched in the mailbox only. */
        boolean present;

        Member(WireMembers<?> group, Wire wire) {
            this.group = group;
            this.wire = wire;
        }

        /** Subscribes to the wire and passes each subscription to {@link #keep}. */
        abstract void subscribe();

        /** Called in the mailbox when the wire takes part. */
        abstract void onEnter();

        /** Called in the mailbox when a wire that took part does not any more. */
        abstract void onLeave();

        final void begin() {
            keep(wire.onClose().onErrorComplete().doFinally(end -> dispose()).subscribe());
            subscribe();
        }

        /** Disposes a subscription when the wire leaves. */
        final void keep(Disposable subscription) {
            subscriptions.add(subscription);
        }

        /** Returns true if the wire takes part. Call it in the mailbox. */
        final boolean isPresent() {
            return present;
        }

        final boolean hasEnded() {
            return left || wire.isDisposed();
        }

        @Override
        public final void dispose() {
            left = true;
            group.mailbox.post(() -> group.leave(this));
        }

        @Override
        public final boolean isDisposed() {
            return left;
        }
    }
}
