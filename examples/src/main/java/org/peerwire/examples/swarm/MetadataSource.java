/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The metadata of a target: it is there already, or the wires of the swarm are asked for it. Once it is there it is served
 * to whoever asks.
 */
final class MetadataSource {
    private static final int REMEMBERED = 64;

    private final Target target;
    private final Scheduler loop;
    private final UtMetadata extension;
    private final Sinks.Many<Wire> wires = Sinks.many().replay().limit(REMEMBERED);

    MetadataSource(Target target, Scheduler loop) {
        this.target = target;
        this.loop = loop;
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
        if (target.torrent() == null) {
            loop.schedule(() -> wires.tryEmitNext(wire));
        }
        return extension.serve(wire);
    }

    /** The torrent, on any thread. */
    Mono<Torrent> torrent() {
        if (target.torrent() != null) {
            return Mono.just(target.torrent());
        }
        return UtMetadata.fetch(wires.asFlux(), target.hashes(), MetadataOptions.defaults())
                .doOnNext(found -> extension.provide(found.info()))
                .map(Metadata::torrent);
    }
}
