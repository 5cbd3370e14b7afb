/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Feature;
import org.peerwire.metadata.MetadataException.Reason;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Joins a {@link MetadataAssembler} to wires. Wires live on many event loops; everything they say hops to one worker,
 * so the state needs no lock. Only {@link #stop} may be called from elsewhere.
 */
final class MetadataFetch {
    private static final long TICK = 1_000;
    private static final int PREFETCH = 8;

    private final MonoSink<Metadata> sink;
    private final InfoHashes hashes;
    private final Scheduler clock;
    private final Scheduler worker;
    private final Disposable.Composite everything = Disposables.composite();
    private final Map<Wire, Listening> wires = new HashMap<>();
    private final MetadataAssembler<Wire> assembler;
    private boolean moreToCome = true;
    private @Nullable Throwable sourceFailure;

    /** The subscriptions to one wire; a peer that has lied is not listened to any more. */
    private record Listening(MetadataGuard guard, Disposable.Composite toItsEnd, Disposable.Composite toItsWords) {}

    private MetadataFetch(MonoSink<Metadata> sink, InfoHashes hashes, MetadataOptions options) {
        this.sink = sink;
        this.hashes = hashes;
        this.clock = options.scheduler();
        this.worker = Schedulers.single(clock);
        this.assembler = new MetadataAssembler<>(
                options, hashes::matches, (wire, kind) -> UtMetadata.of(wire).count(kind), now());
    }

    static Mono<Metadata> from(Flux<Wire> candidates, InfoHashes hashes, MetadataOptions options) {
        return Mono.create(sink -> {
            MetadataFetch fetch = new MetadataFetch(sink, hashes, options);
            sink.onCancel(fetch::stop);
            fetch.start(candidates);
        });
    }

    private void start(Flux<Wire> candidates) {
        everything.add(worker.schedulePeriodically(this::go, TICK, TICK, TimeUnit.MILLISECONDS));
        everything.add(candidates.publishOn(worker, PREFETCH).subscribe(this::join, this::noMore, () -> noMore(null)));
    }

    private void stop() {
        everything.dispose();
        worker.dispose();
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    // ---- what happens ----

    private void join(Wire wire) {
        if (everything.isDisposed() || wires.containsKey(wire)) {
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
        Flux<ByteBuf> messages = wire.extension(UtMetadata.NAME).inbound();
        MetadataGuard guard = UtMetadata.of(wire).guard(wire);
        Listening listening = new Listening(guard, Disposables.composite(), Disposables.composite());
        wires.put(wire, listening);
        everything.add(listening.toItsEnd());
        everything.add(listening.toItsWords());
        assembler.join(wire, now());
        listening
                .toItsEnd()
                .add(wire.onClose().publishOn(worker).subscribe(null, end -> leave(wire), () -> leave(wire)));
        if (!wire.features().has(Feature.EXTENSION_PROTOCOL)) {
            assembler.unsupported(wire);
            go();
            return;
        }
        listening
                .toItsWords()
                .add(wire.extendedHandshakes()
                        .publishOn(worker, 1)
                        .subscribe(handshake -> handshake(wire, handshake), end -> {}));
        listening
                .toItsWords()
                .add(messages.publishOn(worker, PREFETCH).subscribe(message -> message(wire, message), end -> {}));
    }

    private void noMore(@Nullable Throwable failure) {
        moreToCome = false;
        sourceFailure = failure;
        go();
    }

    private void leave(Wire wire) {
        Listening listening = wires.remove(wire);
        if (listening != null) {
            listening.toItsWords().dispose();
            listening.toItsEnd().dispose();
            everything.remove(listening.toItsWords());
            everything.remove(listening.toItsEnd());
        }
        assembler.leave(wire);
        go();
    }

    private void handshake(Wire wire, ExtendedHandshake handshake) {
        long size =
                handshake.supports(UtMetadata.NAME) ? handshake.metadataSize().orElse(0) : 0;
        assembler.claim(wire, size, now());
        go();
    }

    private void message(Wire wire, ByteBuf payload) {
        // What is odd about it, the guard counts.
        MetadataMessage message = MetadataMessage.decode(payload, kind -> {});
        if (message instanceof MetadataMessage.Data data) {
            assembler.data(wire, data, now());
        } else if (message instanceof MetadataMessage.Reject reject) {
            assembler.reject(wire, reject.piece(), now());
        } else {
            return;
        }
        go();
    }

    // ---- what to do ----

    private void go() {
        if (everything.isDisposed()) {
            return;
        }
        byte[] info = assembler.result();
        if (info != null) {
            stop();
            sink.success(Metadata.verified(info, hashes));
            return;
        }
        assembler.requests(now()).forEach(this::send);
        wires.forEach((wire, listening) -> {
            if (assembler.isBarred(wire)) {
                listening.toItsWords().dispose();
            }
        });
        Reason reason = assembler.failure(moreToCome, now());
        if (reason != null) {
            stop();
            sink.error(new MetadataException(
                    reason, "no metadata for " + hashes + ", " + reason + ": " + assembler.tally(), sourceFailure));
        }
    }

    /** A request that cannot be sent is one without an answer; if the wire has ended, that is told otherwise. */
    private void send(MetadataAssembler.Request<Wire> request) {
        Listening listening = wires.get(request.peer());
        if (listening != null) {
            listening.guard().asked(request.piece());
        }
        request.peer()
                .extension(UtMetadata.NAME)
                .send(MetadataMessage.request(request.piece()))
                .subscribe(null, failure -> {}, null);
    }
}
