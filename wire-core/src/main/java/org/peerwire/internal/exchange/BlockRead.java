/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The read of one block from a source that does not have it at once. Signals its owner on the event loop. */
final class BlockRead extends BaseSubscriber<ByteBuf> {
    private static final Consumer<Object> RELEASE = ReferenceCountUtil::safeRelease;
    private static final Context RELEASE_DISCARDED = Operators.enableOnDiscard(Context.empty(), RELEASE);

    /** Takes the outcome of a read. */
    interface Owner {

        /**
         * Takes the block and its ownership.
         *
         * @param data null if the source has no such block; also after the data, when the source completes
         */
        void onRead(BlockRead read, @Nullable ByteBuf data);

        void onReadFailed(BlockRead read, Throwable error);
    }

    private final WireContext context;
    private final BlockRequest request;
    private final Context subscriber;
    private final Owner owner;
    private boolean emitted; // signals are serial, but may come from several threads

    /**
     * Creates a read.
     *
     * @param subscriber the context that the source sees; a discarded buffer is released whatever its hook is
     */
    BlockRead(WireContext context, BlockRequest request, Context subscriber, Owner owner) {
        this.context = context;
        this.request = request;
        this.subscriber = subscriber;
        this.owner = owner;
    }

    BlockRequest request() {
        return request;
    }

    /** Starts to read. */
    void start(Mono<ByteBuf> block) {
        if (subscriber.isEmpty()) {
            block.subscribe(this);
        } else { // restores values of threads, where that is enabled
            block.contextWrite(Operators.enableOnDiscard(subscriber, RELEASE)).subscribe(this);
        }
    }

    @Override
    public Context currentContext() {
        return RELEASE_DISCARDED;
    }

    @Override
    protected void hookOnNext(ByteBuf data) {
        emitted = true;
        context.run(() -> owner.onRead(this, data));
    }

    @Override
    protected void hookOnComplete() {
        if (!emitted) {
            context.run(() -> owner.onRead(this, null));
        }
    }

    @Override
    protected void hookOnError(Throwable error) {
        context.run(() -> owner.onReadFailed(this, error));
    }
}
