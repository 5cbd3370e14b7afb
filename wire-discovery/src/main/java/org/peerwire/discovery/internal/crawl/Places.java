/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.crawl;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** A number of places that wires of all torrents share. Who comes first gets the next one. Confined to one loop. */
final class Places {
    private final Scheduler loop;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int free;
    private volatile boolean isClosed;

    /** One who waits for a place or has it. */
    private static final class Turn {
        private final MonoSink<Boolean> sink;
        private boolean isSeated;
        private boolean isOver;

        Turn(MonoSink<Boolean> sink) {
            this.sink = sink;
        }
    }

    Places(Scheduler loop, int count) {
        this.loop = loop;
        this.free = count;
    }

    /** Runs work as soon as a place is free, and frees it at the end of the work. Subscribe on the loop. */
    <T> Mono<T> during(Mono<T> work) {
        return Mono.defer(() -> {
            Turn[] turn = new Turn[1];
            return Mono.<Boolean>create(sink -> {
                        Turn mine = new Turn(sink);
                        turn[0] = mine;
                        waiting.add(mine);
                        seat();
                    })
                    .flatMap(seated -> work)
                    .doFinally(end -> later(() -> leave(turn[0])));
        });
    }

    /** Gives no more places. Any thread. */
    void close() {
        isClosed = true;
    }

    private void later(Runnable task) {
        try {
            loop.schedule(task);
        } catch (RejectedExecutionException e) {
            // the run is over, and nobody waits
        }
    }

    private void seat() {
        while (!isClosed && free > 0 && !waiting.isEmpty()) {
            Turn next = waiting.remove();
            if (!next.isOver) {
                free--;
                next.isSeated = true;
                next.sink.success(true);
            }
        }
    }

    private void leave(Turn turn) {
        turn.isOver = true;
        if (turn.isSeated) {
            free++;
            seat();
        } else {
            waiting.remove(turn);
        }
    }
}
