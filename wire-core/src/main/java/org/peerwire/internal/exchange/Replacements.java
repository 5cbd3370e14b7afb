/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.Objects;
import java.util.function.Supplier;
import org.peerwire.Block;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Mailbox;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** The blocks from elsewhere that one download awaits for requests that have failed. */
final class Replacements {

    /** Takes the outcome of each replacement, on the event loop. */
    interface Owner {

        /** Takes a block and its ownership; also after {@link #dispose}. */
        void onReplacement(Block block);

        /** Called when a block is left out, which makes room for another. */
        void schedule();

        /** Called when a replacement has failed. */
        void fail(Throwable cause);
    }

    private final Mailbox<Runnable> signals;
    private final Context subscriber;
    private final Owner owner;
    private final Disposable.Composite running = Disposables.composite();

    @EventLoopOnly
    private int awaited;

    /**
     * Creates an empty set.
     *
     * @param signals runs the outcomes on the event loop
     * @param subscriber the context that the replacements see
     */
    Replacements(Mailbox<Runnable> signals, Context subscriber, Owner owner) {
        this.signals = signals;
        this.subscriber = subscriber;
        this.owner = owner;
    }

    /** Returns the number of replacements without an outcome. */
    @EventLoopOnly
    int awaited() {
        return awaited;
    }

    /** Subscribes to a replacement. An exception of the supplier is its failure. */
    @EventLoopOnly
    void add(Supplier<Mono<Block>> replacement) {
        awaited++;
        Mono<Block> instead;
        try {
            instead = Objects.requireNonNull(replacement.get(), "onFailure returned null");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            instead = Mono.error(e);
        }
        Replacement started = new Replacement();
        running.add(started);
        if (subscriber.isEmpty()) {
            instead.subscribe(started);
        } else {
            instead.contextWrite(subscriber).subscribe(started); // restores values of threads, where that is enabled
        }
    }

    /** Cancels all. */
    void dispose() {
        running.dispose();
    }

    private final class Replacement extends BaseSubscriber<Block> {
        @EventLoopOnly
        private boolean counted = true;

        @Override
        protected void hookOnNext(Block block) {
            signals.put(() -> {
                discount();
                owner.onReplacement(block);
            });
        }

        @Override
        protected void hookOnComplete() {
            running.remove(this);
            signals.put(() -> {
                if (counted) {
                    discount();
                    owner.schedule();
                }
            });
        }

        @Override
        protected void hookOnError(Throwable error) {
            running.remove(this);
            signals.put(() -> owner.fail(error));
        }

        private void discount() {
            if (counted) {
                counted = false;
                awaited--;
            }
        }
    }
}
