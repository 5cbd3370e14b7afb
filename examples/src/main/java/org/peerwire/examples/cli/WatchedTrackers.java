/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.List;
import java.util.function.Consumer;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.Trackers;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The trackers of a torrent, whose failures somebody wants to know.
 *
 * @param trackers the trackers
 * @param failures called on any thread
 * @param leaving completes when the trackers are to be told that we leave; the swarm goes on
 */
record WatchedTrackers(Trackers trackers, Consumer<TrackerEvent.Failed> failures, Mono<Void> leaving)
        implements Discovery {

    @Override
    public PeerSource source() {
        return trackers.source();
    }

    @Override
    public Flux<PeerEvent> peers(Swarm swarm) {
        return trackers.announce(swarm)
                .takeUntilOther(leaving)
                .concatMapIterable(this::peers)
                .concatWith(Flux.never());
    }

    private List<PeerEvent> peers(TrackerEvent event) {
        if (event instanceof TrackerEvent.Announced announced) {
            return announced.peers().stream()
                    .<PeerEvent>map(PeerEvent.Added::new)
                    .toList();
        } else if (event instanceof TrackerEvent.Failed failed) {
            failures.accept(failed);
        }
        return List.of();
    }
}
