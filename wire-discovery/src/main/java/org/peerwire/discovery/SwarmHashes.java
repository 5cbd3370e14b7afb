/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import org.peerwire.InfoHash;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import reactor.core.publisher.Flux;

/** The info hashes under which a swarm is announced. */
final class SwarmHashes {
    private SwarmHashes() {}

    /**
     * Returns each hash of a swarm once, that of version 2 truncated (BEP 52). The second one of a hybrid that is begun
     * with a magnet link comes with its metadata. Starts the swarm. Completes when the swarm is closed.
     */
    static Flux<InfoHash> of(Swarm swarm) {
        Flux<InfoHashes> later = swarm.events()
                .ofType(SwarmEvent.MetadataReceived.class)
                .next()
                .map(received -> received.torrent().hashes())
                .flux();
        Flux<InfoHashes> now = swarm.stats() // on the thread of the swarm, after the subscription to its events
                .map(stats -> swarm.hashes())
                .onErrorReturn(swarm.hashes())
                .flux();
        return Flux.merge(later, now).concatMapIterable(InfoHashes::handshakes).distinct();
    }
}
