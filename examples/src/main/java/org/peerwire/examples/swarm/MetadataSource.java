/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import org.jspecify.annotations.Nullable;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * The metadata of a target: it is there already, or the wires of the swarm are asked for it. Once it is there it is served
 * to whoever asks.
 */
final class MetadataSource {
    private final Target target;
    private final UtMetadata extension;

    /** Receives each wire while a fetch runs; null before and after, so that no ended wire is kept. */
    private volatile @Nullable FluxSink<Wire> fetch;

    MetadataSource(Target target) {
        this.target = target;
        this.extension = target.torrent() == null
                ? UtMetadata.fetching()
                : UtMetadata.serving(target.torrent().info());
    }

    /** A peer that speaks the extension. */
    LocalPeer introduce(LocalPeer self) {
        return self.withExtension(extension);
    }

    /** Asks a wire, if there is need, and answers it until it ends. */
    Mono<Void> exchange(Wire wire) {
        boolean spoken = wire.local().extensions().contains(extension);
        if (!spoken) {
            return Mono.empty();
        }
        FluxSink<Wire> asking = fetch;
        if (asking != null) {
            asking.next(wire);
        }
        return extension.serve(wire);
    }

    /**
     * Returns the torrent, fetched from the wires that {@link #exchange} gets after the subscription. Signals on any
     * thread.
     */
    Mono<Torrent> torrent() {
        if (target.torrent() != null) {
            return Mono.just(target.torrent());
        }
        Flux<Wire> wires = Flux.create(sink -> {
            fetch = sink;
            sink.onDispose(() -> fetch = null);
        });
        return UtMetadata.fetch(wires, target.hashes(), MetadataOptions.defaults())
                .doOnNext(found -> extension.provide(found.info()))
                .map(Metadata::torrent);
    }
}
