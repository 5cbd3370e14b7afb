/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.pex.PeerEvent.Added;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tells one peer of a swarm. All signals that change its state are merged, which makes them come one after another
 * whatever thread they come from.
 */
final class PexAnnouncer {
    /** Sends that may be waiting for the socket; a peer that does not read for so many minutes is gone. */
    private static final int MAX_SENDS = 8;

    private final Wire wire;
    private final ExtensionChannel channel;
    private final PexOptions options;
    private final Scheduler clock;
    private final PexFeed feed;
    private Set<InetSocketAddress> listener;
    private long nextSend;

    /** Something that happens and, when it makes one due, the message to send. */
    private interface Step {
        Mono<Void> run();
    }

    private PexAnnouncer(Wire wire, ExtensionChannel channel, PexOptions options) {
        this.wire = wire;
        this.channel = channel;
        this.options = options;
        this.clock = options.scheduler();
        this.feed = new PexFeed(options);
        this.listener = PeerAddresses.of(wire);
        this.nextSend = now();
    }

    static Mono<Void> announce(Wire wire, ExtensionChannel channel, Flux<PeerEvent> swarm, PexOptions options) {
        return Mono.defer(() -> new PexAnnouncer(wire, channel, options).run(swarm));
    }

    private Mono<Void> run(Flux<PeerEvent> swarm) {
        // The end of the wire shows in onClose; the rest is not to turn it into a failure.
        Flux<Step> told =
                UtPex.events(wire, options, reason -> {}).onErrorComplete().map(event -> () -> heard(event));
        Flux<Step> handshakes =
                wire.extendedHandshakes().onErrorComplete().map(handshake -> () -> introduced(handshake));
        Flux<Step> changes = swarm.map(event -> () -> swarm(event));
        Flux<Step> ticks =
                Flux.interval(options.gatherTime(), clock).onBackpressureDrop().map(tick -> this::tick);
        return Flux.merge(told, handshakes, changes, ticks)
                .flatMap(Step::run, MAX_SENDS)
                .takeUntilOther(wire.onClose().onErrorComplete())
                .then();
    }

    private Mono<Void> heard(PeerEvent event) {
        feed.heard(event);
        return Mono.empty();
    }

    private Mono<Void> introduced(ExtendedHandshake handshake) {
        listener = PeerAddresses.of(wire, handshake);
        return Mono.empty();
    }

    private Mono<Void> swarm(PeerEvent event) {
        SocketAddress remote = wire.remoteAddress();
        boolean tellable = !event.peer().isUnresolved()
                && (!(event instanceof Added) || options.policy().tell(event.peer(), remote));
        if (tellable) {
            feed.swarm(event, now());
        }
        return Mono.empty();
    }

    private Mono<Void> tick() {
        if (now() < nextSend || !channel.supported() || UtPex.isPrivate(wire)) {
            return Mono.empty();
        }
        PexMessage message = feed.next(listener::contains, now());
        if (message.isEmpty()) {
            return Mono.empty();
        }
        nextSend = now() + options.interval().toMillis();
        // The peer may have withdrawn the extension a moment ago: then it did not want to hear this.
        return channel.send(message.encode())
                .onErrorComplete(e -> e instanceof IllegalStateException || e instanceof WireException);
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
