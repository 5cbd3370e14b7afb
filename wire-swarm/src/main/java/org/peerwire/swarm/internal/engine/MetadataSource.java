/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The metadata of a torrent, known from the start or fetched from the wires of the swarm. Known metadata is served. */
final class MetadataSource {
    /** A shorter message is no progress: it is a request, a reject, or all of a very short metadata. */
    private static final int SHORTEST_PIECE = 1024;

    /** The patience of the swarm ends a fetch. */
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final AtomicLong received = new AtomicLong();
    private final InfoHashes hashes;
    private final @Nullable Torrent known;
    private final UtMetadata extension;
    private final MetadataOptions options;

    /** Receives each wire while a fetch runs; null before and after, so that no ended wire is kept. */
    private volatile @Nullable FluxSink<Wire> fetch;

    /**
     * Creates a source.
     *
     * @param clock the clock of the wires
     */
    MetadataSource(InfoHashes hashes, @Nullable Torrent known, Scheduler clock) {
        this.hashes = hashes;
        this.known = known;
        this.options = MetadataOptions.builder()
                .scheduler(clock)
                .idleTimeout(UNLIMITED)
                .build();
        this.extension = known == null ? UtMetadata.fetching() : UtMetadata.serving(known.info());
    }

    /** Returns our side of the handshake with the metadata extension added. */
    LocalPeer introduce(LocalPeer self) {
        return self.withExtension(extension);
    }

    /** Serves a wire until it ends, and asks it for metadata while a fetch runs. */
    Mono<Void> exchange(Wire wire) {
        boolean spoken = wire.local().extensions().contains(extension);
        if (!spoken) {
            return Mono.empty();
        }
        FluxSink<Wire> asking = fetch;
        if (asking == null) {
            return extension.serve(wire, options);
        }
        asking.next(wire);
        Mono<Void> counted = wire.extension(UtMetadata.NAME)
                .inbound(ByteBuf::readableBytes)
                .filter(length -> length >= SHORTEST_PIECE)
                .doOnNext(received::addAndGet)
                .onErrorComplete()
                .then();
        return Mono.when(extension.serve(wire, options), counted);
    }

    /** Returns the number of bytes of metadata received so far. Any thread. */
    long received() {
        return received.get();
    }

    /**
     * Returns the torrent, fetched from the wires that {@link #exchange} gets after the subscription. Signals on any
     * thread.
     */
    Mono<Torrent> torrent() {
        if (known != null) {
            return Mono.just(known);
        }
        Flux<Wire> wires = Flux.create(sink -> {
            fetch = sink;
            sink.onDispose(() -> fetch = null);
        });
        return UtMetadata.fetch(wires, hashes, options)
                .doOnNext(found -> extension.provide(found.info()))
                .map(Metadata::torrent);
    }
}
