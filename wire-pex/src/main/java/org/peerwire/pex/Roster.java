/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peerwire.pex.PeerEvent.Added;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * A set of peers that anyone can watch: a watcher first gets those there are, then each change. What a slow watcher has
 * not taken yet is kept by address, so it never holds more than the set does, and nothing overflows. Everything runs in
 * the mailbox; only {@link #flux()} may be called from anywhere.
 */
final class Roster {
    private final Mailbox mailbox;
    private final Map<InetSocketAddress, Added> live = new LinkedHashMap<>();
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private boolean closed;

    Roster(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    void publish(PeerEvent event) {
        Added before = event instanceof Added added ? live.put(event.peer(), added) : live.remove(event.peer());
        if (event instanceof Added ? !event.equals(before) : before != null) {
            List.copyOf(watchers).forEach(watcher -> watcher.note(event, before != null));
        }
    }

    void close() {
        closed = true;
        live.clear();
        List.copyOf(watchers).forEach(watcher -> watcher.sink.complete());
        watchers.clear();
    }

    /** The events. No strategy for overflow is needed: a watcher emits only on demand, and only in the mailbox. */
    Flux<PeerEvent> flux() {
        return Flux.create(
                sink -> {
                    Watcher watcher = new Watcher(sink);
                    sink.onDispose(() -> mailbox.post(() -> watchers.remove(watcher)));
                    mailbox.post(() -> enter(watcher));
                    sink.onRequest(n -> mailbox.post(watcher::drain));
                },
                FluxSink.OverflowStrategy.IGNORE);
    }

    private void enter(Watcher watcher) {
        if (closed) {
            watcher.sink.complete();
        } else if (!watcher.sink.isCancelled()) {
            watchers.add(watcher);
            live.values().forEach(peer -> watcher.note(peer, false));
        }
    }

    /** What a watcher has not taken yet of a peer, and whether it believes the peer to be there. */
    private record Waiting(PeerEvent event, boolean given) {}

    /**
     * Holds only what waits: of every other peer the watcher knows what the roster does. A set of what each has been given
     * would take the square of the swarm.
     */
    private static final class Watcher {
        private final FluxSink<PeerEvent> sink;
        private final Map<InetSocketAddress, Waiting> waiting = new LinkedHashMap<>();

        Watcher(FluxSink<PeerEvent> sink) {
            this.sink = sink;
        }

        /** @param known whether the peer was in the roster before the event */
        void note(PeerEvent event, boolean known) {
            Waiting earlier = waiting.remove(event.peer());
            boolean given = earlier == null ? known : earlier.given();
            boolean cancelsOut = earlier != null && event instanceof Added != earlier.event() instanceof Added;
            if (!cancelsOut || event instanceof Added != given) {
                waiting.put(event.peer(), new Waiting(event, given));
            }
            drain();
        }

        void drain() {
            Iterator<Waiting> next = waiting.values().iterator();
            while (next.hasNext() && sink.requestedFromDownstream() > 0) {
                PeerEvent event = next.next().event();
                next.remove();
                sink.next(event);
            }
        }
    }
}
