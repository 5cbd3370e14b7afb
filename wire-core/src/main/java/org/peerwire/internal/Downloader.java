/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
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
 * One download: a request is made only when downstream has demand for its block, so no block ever has to wait here.
 * Pulls its source one for one as places in the window become free.
 */
final class Downloader implements CoreSubscriber<BlockRequest>, Subscription, PendingRequests.Listener {
    private final Blocks blocks;
    private final CoreSubscriber<? super Block> actual;

    @EventLoopOnly
    private final WindowControl window;

    private final BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure;
    private final AtomicLong requested = new AtomicLong();
    private final Disposable.Composite rescues = Disposables.composite();
    private volatile boolean cancelled;
    private volatile @Nullable Subscription source;

    /** Pulled from the source and not outstanding: not asked yet, or undone by a choke. */
    @EventLoopOnly
    private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();

    @EventLoopOnly
    private int outstanding;

    @EventLoopOnly
    private int pulled;

    @EventLoopOnly
    private int rescuing;

    @EventLoopOnly
    private boolean sourceDone;

    @EventLoopOnly
    private boolean done;

    @EventLoopOnly
    private boolean scheduling;

    @EventLoopOnly
    private boolean again;

    /** Nothing that waits may be asked for, as far as is known. */
    @EventLoopOnly
    private boolean fruitless;

    Downloader(
            Blocks blocks,
            CoreSubscriber<? super Block> actual,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
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
            blocks.onLoop(() -> blocks.add(this));
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            blocks.onLoop(this::schedule);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        blocks.onLoop(this::stop);
    }

    @Override
    public void onNext(BlockRequest request) {
        blocks.onLoop(() -> {
            pulled--;
            try {
                blocks.checkOurs(request);
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
        blocks.onLoop(() -> {
            sourceDone = true;
            pulled = 0;
            schedule();
        });
    }

    @Override
    public void onError(Throwable t) {
        blocks.onLoop(() -> fail(t));
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
        boolean undoneByChoke =
                failure.reason() == Reason.CHOKED || (failure.reason() == Reason.REJECTED && !blocks.mayAsk(request));
        if (undoneByChoke) {
            waiting.add(request);
            schedule();
        } else {
            rescue(request, failure);
        }
    }

    private void rescue(BlockRequest request, RequestException failure) {
        rescuing++;
        Mono<Block> instead;
        try {
            instead = Objects.requireNonNull(onFailure.apply(request, failure), "onFailure returned null");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            instead = Mono.error(e);
        }
        Disposable.Swap running = Disposables.swap();
        rescues.add(running);
        running.update(instead.doFinally(signal -> rescues.remove(running))
                .subscribe(
                        block -> blocks.onLoop(() -> rescued(block)),
                        error -> blocks.onLoop(() -> fail(error)),
                        () -> blocks.onLoop(() -> rescued(null))));
    }

    /** A Mono's value and its completion both end here; the value comes first. */
    private void rescued(@Nullable Block block) {
        if (done || cancelled) {
            if (block != null) {
                block.release();
            }
            return;
        }
        if (block != null) {
            emit(block);
        } else {
            rescuing--;
            schedule();
        }
    }

    private void emit(Block block) {
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
        actual.onNext(block);
    }

    @EventLoopOnly
    void tick(long now) {
        window.tick(now);
        schedule();
    }

    /** Asks for as much as there is room and demand for. */
    @EventLoopOnly
    void schedule() {
        if (scheduling) {
            again = true;
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
                scheduling = false; // before the batch is written: an answer may come at once
            }
        });
    }

    /** What the peer lets us ask for has changed. */
    @EventLoopOnly
    void permissionsChanged() {
        fruitless = false;
        schedule();
    }

    boolean isDone() {
        return done;
    }

    private void step() {
        Subscription s = source;
        if (done || cancelled || s == null) {
            return;
        }
        BlockRequest next;
        while (room() > 0 && (next = nextAskable()) != null) {
            outstanding++;
            blocks.ask(next, this);
        }
        long wanted = room() - waiting.size() - pulled;
        if (wanted > 0 && !sourceDone && (!blocks.peerChoking() || (waiting.isEmpty() && blocks.mayAskAnything()))) {
            pulled += (int) wanted;
            s.request(wanted);
        }
        if (sourceDone && waiting.isEmpty() && outstanding == 0 && rescuing == 0 && !done) {
            done = true;
            blocks.remove(this);
            actual.onComplete();
        }
    }

    /** How many more may be outstanding; blocks from elsewhere that are awaited have their demand too. */
    private long room() {
        return Math.min(
                Math.min(window.size() - outstanding, blocks.roomAtPeer()), requested.get() - outstanding - rescuing);
    }

    private @Nullable BlockRequest nextAskable() {
        if (fruitless || (blocks.peerChoking() && !blocks.mayAskAnything())) {
            return null;
        }
        for (int i = waiting.size(); i > 0; i--) {
            BlockRequest next = waiting.remove();
            if (blocks.mayAsk(next)) {
                return next;
            }
            waiting.add(next);
        }
        fruitless = !waiting.isEmpty();
        return null;
    }

    @EventLoopOnly
    void fail(Throwable cause) {
        if (!done && !cancelled) {
            stop();
            actual.onError(cause);
        }
    }

    private void stop() {
        if (!done) {
            done = true;
            blocks.remove(this);
            rescues.dispose();
            Subscription s = source;
            if (s != null) {
                s.cancel();
            }
            waiting.clear();
            blocks.batch(() -> blocks.cancelAll(this));
        }
    }
}
