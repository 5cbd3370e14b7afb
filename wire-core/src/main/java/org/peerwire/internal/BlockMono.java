/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** One request as a Mono: asked when it is demanded, taken back when it is cancelled. */
final class BlockMono extends Mono<Block> {
    private final Blocks blocks;
    private final BlockRequest request;

    BlockMono(Blocks blocks, BlockRequest request) {
        this.blocks = blocks;
        this.request = request;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Block> actual) {
        actual.onSubscribe(new Asking(actual));
    }

    private final class Asking implements Subscription, PendingRequests.Listener {
        private final CoreSubscriber<? super Block> actual;
        private volatile boolean cancelled;

        @EventLoopOnly
        private boolean asked;

        Asking(CoreSubscriber<? super Block> actual) {
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                blocks.onLoop(() -> {
                    if (!asked && !cancelled) {
                        asked = true;
                        blocks.ask(request, this);
                    }
                });
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            blocks.onLoop(() -> blocks.cancel(request, this));
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
