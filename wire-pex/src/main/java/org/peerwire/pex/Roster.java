/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.HashSet;
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
        boolean changed = event instanceof Added added
                ? !added.equals(live.put(event.peer(), added))
                : live.remove(event.peer()) != null;
        if (changed) {
            List.copyOf(watchers).forEach(watcher -> watcher.note(event));
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
            live.values().forEach(watcher::note);
        }
    }

    private static final class Watcher {
        private final FluxSink<PeerEvent> sink;
        private final Map<InetSocketAddress, PeerEvent> waiting = new LinkedHashMap<>();
        private final Set<InetSocketAddress> given = new HashSet<>();

        Watcher(FluxSink<PeerEvent> sink) {
            this.sink = sink;
        }

        void note(PeerEvent event) {
            boolean added = event instanceof Added;
            PeerEvent earlier = waiting.remove(event.peer());
            boolean cancelsOut = earlier != null && added != earlier instanceof Added;
            if (!cancelsOut || added != given.contains(event.peer())) {
                waiting.put(event.peer(), event);
            }
            drain();
        }

        void drain() {
            Iterator<PeerEvent> next = waiting.values().iterator();
            while (next.hasNext() && sink.requestedFromDownstream() > 0) {
                PeerEvent event = next.next();
                next.remove();
                if (event instanceof Added) {
                    given.add(event.peer());
                } else {
                    given.remove(event.peer());
                }
                sink.next(event);
            }
        }
    }
}
