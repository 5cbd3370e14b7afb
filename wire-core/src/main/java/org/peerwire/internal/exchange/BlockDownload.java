/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Mailbox;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One download. Requests blocks ahead of the demand, as many as the buffer of the wire can hold when they arrive. Pulls
 * its source for the places of the window that are free. Every signal to the subscriber comes from {@link #step}.
 */
final class BlockDownload
        implements CoreSubscriber<BlockRequest>,
                Subscription,
                PendingRequests.Listener,
                Downloads.Download,
                Replacements.Owner {
    private final WireContext context;
    private final Blocks blocks;
    private final CoreSubscriber<? super Block> actual;
    private final @Nullable BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure;
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;
    private volatile @Nullable Subscription source;

    private final Mailbox<Runnable> signals;
    private final WindowControl window;
    private final ArrivedBlocks arrived;
    private final Replacements replacements;
    private final WaitingRequests waiting = new WaitingRequests();

    @EventLoopOnly
    private int outstanding;

    @EventLoopOnly
    private int pulled;

    @EventLoopOnly
    private boolean sourceDone;

    @EventLoopOnly
    private boolean wireEnded; // every other part has been told before

    @EventLoopOnly
    private @Nullable Throwable failure; // emitted after the blocks that have arrived

    /** True after the cancellation or the terminal signal. */
    @EventLoopOnly
    private boolean over;

    @EventLoopOnly
    private boolean scheduling;

    @EventLoopOnly
    private boolean again;

    /** Creates a download. Without {@code onFailure} the first failure ends it, and so does the end of the wire. */
    BlockDownload(
            WireContext context,
            Blocks blocks,
            CoreSubscriber<? super Block> actual,
            RequestWindow window,
            DownloadBuffer buffer,
            @Nullable BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        this.context = context;
        this.blocks = blocks;
        this.actual = actual;
        this.signals = new Mailbox<>(context, blocks::batch, Runnable::run);
        this.window = new WindowControl(window);
        this.arrived = new ArrivedBlocks(buffer);
        this.replacements = new Replacements(signals, actual.currentContext(), this);
        this.onFailure = onFailure;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
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
        context.run(() -> {
            if (!over) {
                withdraw();
                finish();
            }
        });
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(source, s)) {
            source = s;
            actual.onSubscribe(this);
            context.run(() -> {
                if (isActive()) { // may have been cancelled by onSubscribe
                    blocks.add(this);
                }
            });
        }
    }

    @Override
    public void onNext(BlockRequest request) {
        signals.put(() -> {
            pulled--;
            if (!isActive()) {
                return;
            }
            try {
                blocks.requireRequestable(request);
            } catch (IllegalArgumentException e) {
                fail(e);
                return;
            }
            arrived.expect(request.length());
            waiting.add(request);
            schedule();
        });
    }

    @Override
    public void onComplete() {
        signals.put(() -> {
            sourceDone = true;
            pulled = 0;
            schedule();
        });
    }

    @Override
    public void onError(Throwable t) {
        signals.put(() -> fail(t));
    }

    // ---- the peer ----

    @Override
    public void onBlock(Block block) {
        outstanding--;
        window.onBlock(block.length());
        onReplacement(block);
    }

    @Override
    public void onFailure(RequestException failed) {
        outstanding--;
        if (!isActive()) {
            return;
        }
        BlockRequest request = failed.request();
        boolean droppedByChoke =
                failed.reason() == Reason.CHOKED || (failed.reason() == Reason.REJECTED && !blocks.mayRequest(request));
        if (droppedByChoke) {
            waiting.addDropped(request);
            schedule();
        } else if (onFailure != null) {
            replacements.add(() -> onFailure.apply(request, failed));
        } else {
            fail(failed.reason() == Reason.CLOSED ? context.closedException() : failed);
        }
    }

    @Override
    public void onReplacement(Block block) {
        if (isActive()) {
            arrived.add(block);
            schedule();
        } else {
            block.release();
        }
    }

    // ---- the wire ----

    @Override
    public void tick(long now) {
        window.tick(now);
        schedule();
    }

    @Override
    public void onPermissionsChanged() {
        waiting.onPermissionsChanged();
        schedule();
    }

    @Override
    public boolean onOurCancel(BlockRequest request) {
        if (!waiting.remove(request)) {
            return false;
        }
        outstanding++;
        onFailure(new RequestException(Reason.CANCELLED, request));
        return true;
    }

    @Override
    public void onWireEnd() {
        wireEnded = true;
        waiting.onPermissionsChanged();
        if (onFailure == null && !isFetched()) {
            fail(context.closedException());
        } else {
            schedule();
        }
    }

    /** Makes no more requests, and emits the error after the blocks that have arrived. */
    @Override
    @EventLoopOnly
    public void fail(Throwable cause) {
        if (isActive()) {
            failure = cause;
            withdraw();
            schedule();
        }
    }

    @Override
    @EventLoopOnly
    public void schedule() {
        if (scheduling) {
            again = true; // continued by the outer call
            return;
        }
        blocks.batch(() -> {
            scheduling = true;
            try {
                do {
                    again = false;
                    step();
                } while (again);
            } finally {
                scheduling = false; // before the batch is written, because an answer may arrive at once
            }
        });
    }

    private void step() {
        emit();
        if (isActive() && (wireEnded || !context.isEnded())) {
            makeRequests();
        }
        if (over || cancelled) {
            return;
        }
        if (arrived.isEmpty() && (failure != null || (isFetched() && replacements.awaited() == 0))) {
            finish();
            if (failure != null) {
                actual.onError(failure);
            } else {
                actual.onComplete();
            }
        } else {
            reserve(Math.max(0, held() - requested.get()));
        }
    }

    private void emit() {
        Block block;
        while (!cancelled && requested.get() > 0 && (block = arrived.poll()) != null) {
            if (requested.get() != Long.MAX_VALUE) {
                requested.decrementAndGet();
            }
            actual.onNext(block);
        }
    }

    private void makeRequests() {
        BlockRequest next;
        while (blocks.mayRequestAny() && room() > 0 && (next = waiting.poll(blocks::mayRequest)) != null) {
            outstanding++;
            blocks.request(next, this);
        }
        long wanted = room() - waiting.size() - pulled;
        boolean mayPull = !blocks.peerChoking() || (waiting.isEmpty() && blocks.mayRequestAny());
        Subscription s = source;
        if (s != null && wanted > 0 && mayPull && !sourceDone && isActive()) {
            pulled += (int) wanted;
            s.request(wanted);
        }
    }

    /** Returns how many more may be outstanding. */
    private long room() {
        long takeable = Math.min(window.size(), Operators.addCap(requested.get(), arrived.capacity()));
        return Math.min(takeable - held(), blocks.roomAtPeer());
    }

    /** Returns the number of blocks that are or will be here without being taken. */
    private long held() {
        return (long) outstanding + replacements.awaited() + arrived.size();
    }

    private boolean isActive() {
        return !over && !cancelled && failure == null;
    }

    /** Returns true if every block of the source has arrived, or is awaited from elsewhere. */
    private boolean isFetched() {
        return sourceDone && waiting.isEmpty() && outstanding == 0;
    }

    private void withdraw() {
        replacements.dispose();
        Subscription s = source;
        if (s != null) {
            s.cancel();
        }
        waiting.clear();
        blocks.cancelAll(this);
        outstanding = 0; // no listener hears of them: they must not hold a part of the buffer of the wire
    }

    private void finish() {
        over = true;
        blocks.remove(this);
        arrived.clear();
        reserve(0);
    }

    private void reserve(long count) {
        if (arrived.reserve(count)) {
            blocks.onBufferFreed();
        }
    }
}
