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
 * A set of peers that can be watched. A watcher receives the present peers and then each change. Changes that a slow
 * watcher has not taken are kept by address, so it holds no more than the set and does not overflow. Everything runs
 * in the mailbox; only {@link #flux()} may be called from any thread.
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

    /** Returns the events. They cannot overflow, because a watcher emits in the mailbox and on demand only. */
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

    /**
     * The change of a peer that a watcher has not taken.
     *
     * @param given true if the watcher has the peer in its own view
     */
    private record Waiting(PeerEvent event, boolean given) {}

    /**
     * A subscriber and the changes that wait for it. For all other peers its view equals the set. A full view per
     * watcher would take memory in the square of the swarm.
     */
    private static final class Watcher {
        private final FluxSink<PeerEvent> sink;
        private final Map<InetSocketAddress, Waiting> waiting = new LinkedHashMap<>();

        Watcher(FluxSink<PeerEvent> sink) {
            this.sink = sink;
        }

        /**
         * @param known true if the peer was in the set before the event
         */
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
