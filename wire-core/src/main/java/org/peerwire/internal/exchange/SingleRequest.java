/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** One request as a Mono: made when the block is demanded, cancelled with the subscription. */
final class SingleRequest extends Mono<Block> {
    private final WireContext context;
    private final Blocks blocks;
    private final BlockRequest request;

    SingleRequest(WireContext context, Blocks blocks, BlockRequest request) {
        this.context = context;
        this.blocks = blocks;
        this.request = request;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Block> actual) {
        actual.onSubscribe(new Waiting(actual));
    }

    private final class Waiting implements Subscription, PendingRequests.Listener {
        private final CoreSubscriber<? super Block> actual;
        private volatile boolean cancelled;

        @EventLoopOnly
        private boolean requested;

        Waiting(CoreSubscriber<? super Block> actual) {
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                context.run(() -> {
                    if (!requested && !cancelled) {
                        requested = true;
                        blocks.request(request, this);
                    }
                });
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            context.run(() -> blocks.cancel(request, this));
        }

        @Override
        public void onBlock(Block block) {
            if (cancelled) {
                block.release();
            } else {
                actual.onNext(block);
                actual.onComplete();
            }
        }

        @Override
        public void onFailure(RequestException failure) {
            if (!cancelled) {
                actual.onError(failure);
            }
        }
    }
}
