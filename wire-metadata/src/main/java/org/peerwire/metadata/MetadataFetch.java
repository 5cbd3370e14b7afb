/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Feature;
import org.peerwire.metadata.MetadataAssembler.Request;
import org.peerwire.metadata.MetadataException.Reason;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A fetch over wires, which {@link MetadataAssembler} directs. The wires have different event loops: each signal moves
 * to one worker, so the state needs no lock. Any thread may call {@link #stop}.
 */
final class MetadataFetch {
    private static final long TICK = 1_000;
    private static final int PREFETCH = 8;

    private final MonoSink<Metadata> sink;

    /** That of the subscriber, for everything that a fetch subscribes to. */
    private final Context context;

    private final InfoHashes hashes;
    private final MetadataOptions options;
    private final Scheduler clock;
    private final Scheduler worker;

    /** The subscriptions and the timer. Disposed when the fetch is over, so a later addition is disposed at once. */
    private final Disposable.Composite everything = Disposables.composite();

    /** Closes the worker when the fetch is over, but not before it has started. */
    private final Disposable.Swap closing = Disposables.swap();

    private final Function<Wire, MetadataChannel> channels;
    private final Map<Wire, Peer> peers = new HashMap<>();
    private final MetadataAssembler<Peer> assembler;
    private boolean moreToCome = true;
    private @Nullable Throwable sourceFailure;

    /** A wire and the subscriptions to it. Those to its messages end when the peer is excluded. */
    private record Peer(
            Wire wire, MetadataChannel channel, Disposable.Composite toItsEnd, Disposable.Composite toItsMessages) {}

    private MetadataFetch(
            MonoSink<Metadata> sink,
            InfoHashes hashes,
            MetadataOptions options,
            Function<Wire, MetadataChannel> channels) {
        this.sink = sink;
        this.context = Context.of(sink.contextView());
        this.hashes = hashes;
        this.options = options;
        this.clock = options.scheduler();
        this.worker = Schedulers.single(clock);
        this.channels = channels;
        this.assembler = new MetadataAssembler<>(
                options, hashes::matches, (peer, kind) -> peer.channel().count(kind), now());
    }

    static Mono<Metadata> from(
            Flux<? extends Wire> candidates,
            InfoHashes hashes,
            MetadataOptions options,
            Function<Wire, MetadataChannel> channels) {
        return Mono.create(sink -> {
            MetadataFetch fetch = new MetadataFetch(sink, hashes, options, channels);
            sink.onDispose(fetch::stop);
            fetch.start(candidates);
        });
    }

    private void start(Flux<? extends Wire> candidates) {
        if (!isOver()) {
            everything.add(worker.schedulePeriodically(this::go, TICK, TICK, TimeUnit.MILLISECONDS));
            everything.add(candidates
                    .publishOn(worker, PREFETCH)
                    .subscribe(this::join, this::noMore, () -> noMore(null), context));
        }
        closing.update(this::closeWorker);
    }

    private void stop() {
        everything.dispose();
        closing.dispose();
    }

    private boolean isOver() {
        return everything.isDisposed();
    }

    /** Closes the worker after its present task, which may still subscribe on it. */
    private void closeWorker() {
        try {
            worker.schedule(worker::dispose);
        } catch (RejectedExecutionException e) {
            worker.dispose(); // the scheduler of the options has been shut down
        }
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    // ---- events ----

    private void join(Wire wire) {
        if (isOver() || peers.containsKey(wire)) {
            return;
        }
        try {
            listen(wire);
        } catch (RuntimeException e) {
            stop();
            sink.error(e);
        }
    }

    private void listen(Wire wire) {
        Peer peer = new Peer(wire, channels.apply(wire), Disposables.composite(), Disposables.composite());
        peers.put(wire, peer);
        everything.add(peer.toItsEnd());
        everything.add(peer.toItsMessages());
        assembler.join(peer, now());
        peer.toItsEnd()
                .add(wire.onClose().publishOn(worker).subscribe(null, end -> leave(peer), () -> leave(peer), context));
        if (!wire.features().has(Feature.EXTENSION_PROTOCOL)) {
            assembler.unsupported(peer);
            go();
            return;
        }
        peer.toItsMessages()
                .add(wire.extendedHandshakes()
                        .publishOn(worker, 1)
                        .subscribe(handshake -> handshake(peer, handshake), end -> {}, null, context));
        peer.toItsMessages()
                .add(peer.channel()
                        .messages()
                        .publishOn(worker, PREFETCH)
                        .subscribe(message -> message(peer, message), end -> {}, null, context));
    }

    private void noMore(@Nullable Throwable failure) {
        moreToCome = false;
        sourceFailure = failure;
        go();
    }

    private void leave(Peer peer) {
        peers.remove(peer.wire());
        peer.toItsMessages().dispose();
        peer.toItsEnd().dispose();
        everything.remove(peer.toItsMessages());
        everything.remove(peer.toItsEnd());
        assembler.leave(peer);
        go();
    }

    private void handshake(Peer peer, ExtendedHandshake handshake) {
        long size =
                handshake.supports(UtMetadata.NAME) ? handshake.metadataSize().orElse(0) : 0;
        assembler.claim(peer, size, now());
        assembler.number(peer, handshake.extensions().getOrDefault(UtMetadata.NAME, 0), now());
        go();
    }

    private void message(Peer peer, MetadataMessage message) {
        if (message instanceof MetadataMessage.Data data) {
            assembler.data(peer, data, now());
        } else if (message instanceof MetadataMessage.Reject reject) {
            assembler.reject(peer, reject.piece(), now());
        } else {
            return;
        }
        go();
    }

    // ---- requests and results ----

    private void go() {
        if (isOver()) {
            return;
        }
        byte[] info = assembler.result();
        if (info != null) {
            stop();
            sink.success(Metadata.verified(info, hashes));
            return;
        }
        for (Request<Peer> request : assembler.requests(now())) {
            request.peer().channel().request(request.piece(), context);
            if (isOver()) { // cancelled because of the request
                return;
            }
        }
        peers.values().stream().filter(assembler::isBarred).forEach(peer -> peer.toItsMessages()
                .dispose());
        Reason reason = assembler.failure(moreToCome, now());
        if (reason != null) {
            stop();
            String message =
                    "no metadata for " + hashes + ": " + assembler.tally().explain(reason, options);
            sink.error(new MetadataException(reason, message, sourceFailure));
        }
    }
}
