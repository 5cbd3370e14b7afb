/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The blocks of one subscription to {@link Block#use} that no work has begun with. An operator may drop a queued value
 * without a signal when another thread cancels it, so its queue is not trusted: the end releases all that is here.
 */
final class BlockLeases {
    private final Set<Lease> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A block that is released once: by its work, or by the end if the work never began. */
    private final class Lease {
        private final Block block;
        private final AtomicBoolean taken = new AtomicBoolean();

        Lease(Block block) {
            this.block = block;
        }

        /** Returns true for the first caller, which must release the block. */
        private boolean take() {
            waiting.remove(this);
            return taken.compareAndSet(false, true);
        }

        private void discard() {
            if (take()) {
                block.release();
            }
        }
    }

    static <T> Flux<T> use(
            Flux<Block> blocks, Function<? super Block, ? extends Publisher<? extends T>> work, int concurrency) {
        return Flux.defer(() -> {
            BlockLeases leases = new BlockLeases();
            Flux<Lease> leased = blocks.map(leases::lease);
            Function<Lease, Publisher<T>> begin = lease -> begin(lease, work);
            Flux<T> results = concurrency == 1 ? leased.concatMap(begin) : leased.flatMap(begin, concurrency);
            return results.doFinally(end -> leases.close());
        });
    }

    private Lease lease(Block block) {
        Lease lease = new Lease(block);
        waiting.add(lease);
        if (closed) {
            lease.discard();
        }
        return lease;
    }

    private static <T> Publisher<T> begin(Lease lease, Function<? super Block, ? extends Publisher<? extends T>> work) {
        return Flux.defer(() -> lease.take()
                ? Flux.using(() -> lease.block, work, Block::release)
                : Flux.empty()); // the end was faster
    }

    private void close() {
        closed = true;
        waiting.forEach(Lease::discard);
    }
}
