/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The announcements to the peer of one wire, with one memory of the announced peers for the whole life of the wire. So
 * several announcements, at the same time or one after another, repeat nothing. All changes of the state run in the
 * mailbox.
 */
final class PexAnnouncer {
    /**
     * The maximum number of messages that wait for the socket. One message per minute: the peer has stopped reading.
     */
    private static final int MAX_SENDS = 8;

    private final Wire wire;
    private final ExtensionChannel channel;
    private final PexOptions options;
    private final Scheduler clock;
    private final Mono<Void> listening;
    private final Mailbox mailbox = new Mailbox();

    // Touched in the mailbox only.
    private final PexFeed feed;
    private final Set<Set<InetSocketAddress>> swarms = Collections.newSetFromMap(new IdentityHashMap<>());
    private Set<InetSocketAddress> listener;
    private long nextSend;

    PexAnnouncer(Wire wire, ExtensionChannel channel, PexInbox inbox, PexOptions options) {
        this.wire = wire;
        this.channel = channel;
        this.options = options;
        this.clock = options.scheduler();
        this.feed = new PexFeed(options);
        this.listener = PeerAddresses.of(wire);
        this.nextSend = now();
        // One memory for all announcements on the wire, so at most one subscription at a time may change it.
        // Its addresses are not dialled, so they need no proof.
        PexMemory memory = inbox.silentMemory();
        this.listening = inbox.events(memory)
                .doOnNext(event -> mailbox.post(() -> feed.heard(event)))
                .share()
                .onErrorComplete() // onClose signals the end of the wire
                .then();
    }

    /** Announces a swarm until the wire ends. A cancellation drops its peers. */
    Mono<Void> announce(Flux<PeerEvent> swarm) {
        return Mono.defer(() -> {
            Set<InetSocketAddress> live = new HashSet<>();
            mailbox.post(() -> swarms.add(live));
            Mono<Void> handshakes = wire.extendedHandshakes()
                    .doOnNext(handshake -> mailbox.post(() -> listen(PeerAddresses.of(wire, handshake))))
                    .onErrorComplete()
                    .then();
            Mono<Void> changes = swarm.doOnNext(event -> mailbox.post(() -> change(live, event)))
                    .then();
            Flux<Void> ticks = Flux.interval(options.gatherTime(), clock)
                    .onBackpressureDrop()
                    .flatMap(tick -> tell(), MAX_SENDS);
            return Flux.merge(listening, handshakes, changes, ticks)
                    .takeUntilOther(wire.onClose().onErrorComplete())
                    .doFinally(end -> mailbox.post(() -> leave(live)))
                    .then();
        });
    }

    private Mono<Void> tell() {
        return Mono.<PexMessage>create(sink -> mailbox.post(() -> sink.success(due())))
                // The peer may have withdrawn the extension a moment ago; then it does not want this message.
                .flatMap(message -> channel.send(message.encode())
                        .onErrorComplete(e -> e instanceof IllegalStateException || e instanceof WireException));
    }

    // ---- in the mailbox ----

    private void change(Set<InetSocketAddress> live, PeerEvent event) {
        InetSocketAddress peer = event.peer();
        if (!swarms.contains(live)) {
            return; // the announcement was cancelled
        }
        if (event instanceof Added) {
            if (!peer.isUnresolved() && options.policy().tell(peer, wire.remoteAddress()) && takes(event)) {
                live.add(peer);
            }
        } else if (live.remove(peer)) {
            gone(peer);
        }
    }

    private void listen(Set<InetSocketAddress> addresses) {
        listener = addresses;
        feed.listenerChanged();
    }

    private boolean takes(PeerEvent added) {
        feed.swarm(added, now());
        return feed.knows(added.peer());
    }

    private void leave(Set<InetSocketAddress> live) {
        swarms.remove(live);
        live.forEach(this::gone);
    }

    /** Drops a peer that left one swarm, unless another swarm has it. */
    private void gone(InetSocketAddress peer) {
        if (swarms.stream().noneMatch(swarm -> swarm.contains(peer))) {
            feed.swarm(new Dropped(peer), now());
        }
    }

    private @Nullable PexMessage due() {
        if (now() < nextSend || !channel.supported() || PrivateTorrents.isPrivate(wire)) {
            return null;
        }
        PexMessage message = feed.next(listener::contains, now());
        if (message.isEmpty()) {
            return null;
        }
        nextSend = now() + options.interval().toMillis();
        return message;
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
