/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.peerwire.pex.PeerEvent.Added;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * A queue of peers to dial, which emits the best peer first and one at a time. All clients of a swarm hear of a
 * newcomer at about the same time, so the rate keeps them from dialling it all at once.
 */
final class CandidateQueue {
    private final PriorityQueue<Added> waiting;
    private final Set<InetSocketAddress> connected = new HashSet<>();

    private CandidateQueue(Comparator<? super InetSocketAddress> order) {
        this.waiting = new PriorityQueue<>(Comparator.comparing(Added::peer, order));
    }

    /**
     * Returns the candidates, for one subscriber. Never completes.
     *
     * @param heard the peers that were heard of
     * @param members the connected peers, which are not emitted
     */
    static Flux<Added> candidates(
            Flux<PeerEvent> heard,
            Flux<PeerEvent> members,
            Comparator<? super InetSocketAddress> order,
            PexOptions options) {
        return Flux.defer(() -> {
            CandidateQueue queue = new CandidateQueue(order);
            Flux<Consumer<SynchronousSink<Added>>> steps = Flux.merge(
                    1, // a turn without demand is lost
                    members.map(event -> sink -> queue.member(event)),
                    heard.map(event -> sink -> queue.heard(event)),
                    turns(options).map(turn -> queue::next));
            return steps.handle(Consumer::accept);
        });
    }

    private static Flux<Long> turns(PexOptions options) {
        long gap = Duration.ofSeconds(1).toNanos() / options.dialRate();
        return Mono.defer(() -> {
                    long jittered = ThreadLocalRandom.current().nextLong(gap / 2, gap + gap / 2);
                    return Mono.delay(Duration.ofNanos(jittered), options.scheduler());
                })
                .repeat();
    }

    private void heard(PeerEvent event) {
        waiting.removeIf(known -> known.peer().equals(event.peer()));
        if (event instanceof Added added) {
            waiting.add(added);
        }
    }

    private void member(PeerEvent event) {
        if (event instanceof Added) {
            connected.add(event.peer());
        } else {
            connected.remove(event.peer());
        }
    }

    private void next(SynchronousSink<Added> sink) {
        for (Added best = waiting.poll(); best != null; best = waiting.poll()) {
            if (!connected.contains(best.peer())) {
                sink.next(best);
                return;
            }
        }
    }
}
