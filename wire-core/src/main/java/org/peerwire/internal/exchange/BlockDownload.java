/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One download. Makes a request only when downstream has demand for its block, so no block has to wait here. Pulls its
 * source for the places of the window that are free.
 */
final class BlockDownload
        implements CoreSubscriber<BlockRequest>, Subscription, PendingRequests.Listener, Downloads.Download {
    private final WireContext context;
    private final Blocks blocks;
    private final CoreSubscriber<? super Block> actual;

    @EventLoopOnly
    private final WindowControl window;

    private final BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure;
    private final AtomicLong requested = new AtomicLong();
    private final Disposable.Composite replacements = Disposables.composite();
    private volatile boolean cancelled;
    private volatile @Nullable Subscription source;

    /** Pulled from the source and not outstanding: not requested yet, or dropped by a choke. */
    @EventLoopOnly
    private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();

    @EventLoopOnly
    private int outstanding;

    @EventLoopOnly
    private int pulled;

    @EventLoopOnly
    private int replacing;

    @EventLoopOnly
    private boolean sourceDone;

    @EventLoopOnly
    private boolean done;

    @EventLoopOnly
    private boolean scheduling;

    /** True while downstream takes a block; other signals wait until it has. */
    @EventLoopOnly
    private boolean emitting;

    @EventLoopOnly
    private @Nullable Throwable failure;

    @EventLoopOnly
    private boolean again;

    /** True if no waiting request may be made, as far as is known. */
    @EventLoopOnly
    private boolean fruitless;

    BlockDownload(
            WireContext context,
            Blocks blocks,
            CoreSubscriber<? super Block> actual,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        this.context = context;
        this.blocks = blocks;
        this.actual = actual;
        this.window = new WindowControl(window);
        this.onFailure = onFailure;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(source, s)) {
            source = s;
            actual.onSubscribe(this);
            context.run(this::enter);
        }
    }

    @EventLoopOnly
    private void enter() {
        if (!done) { // may have been cancelled by onSubscribe
            blocks.add(this);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            context.run(this::schedule);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        context.run(this::stop);
    }

    @Override
    public void onNext(BlockRequest request) {
        context.run(() -> {
            pulled--;
            try {
                blocks.requireRequestable(request);
            } catch (IllegalArgumentException e) {
                fail(e);
                return;
            }
            waiting.add(request);
            fruitless = false;
            schedule();
        });
    }

    @Override
    public void onComplete() {
        context.run(() -> {
            sourceDone = true;
            pulled = 0;
            schedule();
        });
    }

    @Override
    public void onError(Throwable t) {
        context.run(() -> fail(t));
    }

    @Override
    public void onBlock(Block block) {
        outstanding--;
        if (done || cancelled) {
            block.release();
            return;
        }
        window.onBlock(block.length());
        emit(block);
        schedule();
    }

    @Override
    public void onFailure(RequestException failure) {
        outstanding--;
        if (done || cancelled) {
            return;
        }
        BlockRequest request = failure.request();
        boolean droppedByChoke = failure.reason() == Reason.CHOKED
                || (failure.reason() == Reason.REJECTED && !blocks.mayRequest(request));
        if (droppedByChoke) {
            waiting.add(request);
            schedule();
        } else {
            replace(request, failure);
        }
    }

    private void replace(BlockRequest request, RequestException failure) {
        replacing++;
        Mono<Block> instead;
        try {
            instead = Objects.requireNonNull(onFailure.apply(request, failure), "onFailure returned null");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            instead = Mono.error(e);
        }
        Disposable.Swap running = Disposables.swap();
        replacements.add(running);
        running.update(instead.doFinally(signal -> replacements.remove(running))
                .subscribe(
                        block -> context.run(() -> onReplacement(block)),
                        error -> context.run(() -> fail(error)),
                        () -> context.run(() -> onReplacement(null))));
    }

    /** Takes the value of a replacement, then null at its completion. */
    private void onReplacement(@Nullable Block block) {
        if (done || cancelled) {
            if (block != null) {
                block.release();
            }
            return;
        }
        if (block != null) {
            emit(block);
        } else {
            replacing--;
            schedule();
        }
    }

    private void emit(Block block) {
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
        emitting = true;
        try {
            actual.onNext(block);
        } finally {
            emitting = false;
        }
        if (failure != null && !cancelled) {
            actual.onError(failure);
        }
    }

    @Override
    @EventLoopOnly
    public void tick(long now) {
        window.tick(now);
        schedule();
    }

    @Override
    @EventLoopOnly
    public void schedule() {
        if (scheduling || emitting) {
            again = true; // continued by the outer call, or after the block
            return;
        }
        blocks.batch(() -> {
            scheduling = true;
            try {
                do {
                    again = false;
                    step();
                } while (again && !done && !cancelled);
            } finally {
                scheduling = false; // before the batch is written, because an answer may arrive at once
            }
        });
    }

    @Override
    @EventLoopOnly
    public void onPermissionsChanged() {
        fruitless = false;
        schedule();
    }

    private void step() {
        Subscription s = source;
        if (done || cancelled || s == null || context.isEnded()) {
            return;
        }
        BlockRequest next;
        while (room() > 0 && (next = nextRequestable()) != null) {
            outstanding++;
            blocks.request(next, this);
        }
        long wanted = room() - waiting.size() - pulled;
        if (wanted > 0 && !sourceDone && (!blocks.peerChoking() || (waiting.isEmpty() && blocks.mayRequestAny()))) {
            pulled += (int) wanted;
            s.request(wanted);
        }
        if (sourceDone && waiting.isEmpty() && outstanding == 0 && replacing == 0 && !done) {
            done = true;
            blocks.remove(this);
            actual.onComplete();
        }
    }

    /** Returns how many more may be outstanding. Replacements that are awaited use demand too. */
    private long room() {
        return Math.min(
                Math.min(window.size() - outstanding, blocks.roomAtPeer()), requested.get() - outstanding - replacing);
    }

    private @Nullable BlockRequest nextRequestable() {
        if (fruitless || (blocks.peerChoking() && !blocks.mayRequestAny())) {
            return null;
        }
        for (int i = waiting.size(); i > 0; i--) {
            BlockRequest next = waiting.remove();
            if (blocks.mayRequest(next)) {
                return next;
            }
            waiting.add(next);
        }
        fruitless = !waiting.isEmpty();
        return null;
    }

    @Override
    @EventLoopOnly
    public void fail(Throwable cause) {
        if (!done && !cancelled) {
            stop();
            if (emitting) {
                failure = cause;
            } else {
                actual.onError(cause);
            }
        }
    }

    private void stop() {
        if (!done) {
            done = true;
            blocks.remove(this);
            replacements.dispose();
            Subscription s = source;
            if (s != null) {
                s.cancel();
            }
            waiting.clear();
            blocks.cancelAll(this);
        }
    }
}
