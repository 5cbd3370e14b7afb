/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.Ignored;
import org.peerwire.WireLimits;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.outbound.UploadSource;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.Loggers;
import reactor.util.context.Context;

/**
 * The requests of the peer: descriptors until the socket takes data, then reads, then messages. Our choke and the
 * peer's cancel edit the queue. Under Fast, a request removed without a piece is answered by a reject.
 */
@EventLoopOnly
public final class UploadQueue implements UploadSource, BlockRead.Owner {
    private final WireContext context;
    private final Anomalies anomalies;
    private final OutboundQueue outbound;
    private final FastAllowance allowance;
    private final boolean fast;
    private final WireLimits limits;

    private final Set<BlockRequest> unread = new LinkedHashSet<>();
    private final Map<BlockRequest, BlockRead> reading = new LinkedHashMap<>();
    private final HeldBlocks held;
    private @Nullable BlockSource source;
    private @Nullable MonoSink<Void> serving;
    private @Nullable Runnable whenEmpty;
    private @Nullable Throwable failure;
    private Context subscriber = Context.empty();

    /**
     * Creates an empty queue without a source.
     *
     * @param fast true if both peers have the Fast extension (BEP 6)
     */
    public UploadQueue(
            WireContext context,
            Anomalies anomalies,
            OutboundQueue outbound,
            FastAllowance allowance,
            boolean fast,
            WireLimits limits) {
        this.context = context;
        this.anomalies = anomalies;
        this.outbound = outbound;
        this.allowance = allowance;
        this.fast = fast;
        this.limits = limits;
        held = new HeldBlocks(context.counters());
    }

    Mono<Void> serve(BlockSource blocks) {
        return Mono.create(sink -> context.run(() -> start(blocks, sink)));
    }

    private void start(BlockSource blocks, MonoSink<Void> sink) {
        if (serving != null) {
            sink.error(new IllegalStateException("a wire is served by one serve() at a time"));
        } else if (context.isEnded()) {
            sink.success();
        } else {
            source = blocks;
            serving = sink;
            subscriber = Context.of(sink.contextView());
            sink.onDispose(() -> context.run(() -> stop(sink)));
            if (serving == sink) { // not cancelled before
                onTorrentKnown();
                outbound.drain();
            }
        }
    }

    private void stop(@Nullable MonoSink<Void> sink) {
        if (serving == sink) {
            serving = null;
            source = null;
            refuse();
        }
    }

    /** Announces the allowed-fast set, if this wire is served under Fast. */
    public void onTorrentKnown() {
        if (serving != null && fast) {
            allowance.announce();
        }
    }

    /** Takes a request of the peer. */
    public void onRequest(BlockRequest request, boolean choking, boolean valid) {
        Ignored wrong = null;
        if (!valid) {
            wrong = Ignored.INVALID_REQUEST;
        } else if (choking && !(fast && allowance.mayRequest(request))) {
            wrong = Ignored.CHOKED_REQUEST;
        } else if (unread.contains(request) || reading.containsKey(request)) {
            wrong = Ignored.REPEATED_REQUEST;
        } else if (queued() >= limits.maxQueuedUploads()) {
            wrong = Ignored.EXCESS_REQUEST;
        }
        if (wrong != null) {
            anomalies.ignore(wrong, MessageType.REQUEST.id());
            reject(request);
        } else if (whenEmpty != null) {
            reject(request); // the wire is closing, which the peer cannot know
        } else {
            if (choking) {
                allowance.count(request);
            }
            unread.add(request);
            count();
        }
    }

    /** Takes a request that may have crossed our choke, which is no anomaly. */
    public void onCrossedChoke(BlockRequest request) {
        if (fast && allowance.contains(request)) {
            onRequest(request, true, true);
        } else {
            reject(request);
        }
    }

    /** Takes a cancel of the peer. */
    public void onCancel(BlockRequest request) {
        if (forget(request)) {
            reject(request);
        } else if (!dropReady(request::equals)) {
            anomalies.ignore(Ignored.UNKNOWN_CANCEL, MessageType.CANCEL.id());
        }
    }

    /** Drops everything but allowed-fast requests, after a choke of ours. */
    public void onOurChoke() {
        drop(request -> !(fast && allowance.contains(request)));
    }

    /** Drops the requests for a piece that we have lost. */
    public void onOurDontHave(int piece) {
        drop(request -> request.piece() == piece);
    }

    /** Forgets a request that the user has answered with a message. */
    public void onAnsweredByUser(BlockRequest request) {
        forget(request);
    }

    /** Removes a request that has not been read to the end. Returns false if it is not queued. */
    private boolean forget(BlockRequest request) {
        boolean known = unread.remove(request);
        BlockRead read = reading.remove(request);
        if (read != null) {
            held.onNotRead(request);
            read.cancel();
        }
        count();
        return known || read != null;
    }

    /**
     * Returns the next block. Starts reads while there is room and the socket takes data. Only the outbound queue calls
     * this, so messages that the source causes when it is asked are written after its block.
     */
    @Override
    public Message.@Nullable Piece next() {
        BlockSource from;
        while ((from = source) != null && outbound.isWritable() && !unread.isEmpty()) {
            Iterator<BlockRequest> oldest = unread.iterator();
            BlockRequest next = oldest.next();
            if (!held.fits(next, outbound.room())) {
                break;
            }
            oldest.remove();
            held.onReading(next);
            read(next, from);
        }
        Message.Piece next = held.poll();
        if (next == null && whenEmpty != null && queued() == 0) {
            Runnable done = whenEmpty;
            whenEmpty = () -> {};
            done.run();
        }
        return next;
    }

    /**
     * Refuses new requests, and runs a task when those that have arrived are answered. Refuses all if there is no
     * source.
     */
    public void finish(Runnable whenAnswered) {
        whenEmpty = whenAnswered;
        drop(request -> source == null);
    }

    /** Refuses every request that has arrived. */
    public void refuse() {
        drop(request -> true);
    }

    private void read(BlockRequest request, BlockSource from) {
        Mono<ByteBuf> block;
        try {
            block = Objects.requireNonNull(from.read(request), "the source returned null");
        } catch (Throwable e) { // of the user; rethrown to the loop, nobody would hear of it
            block = Mono.error(e);
        }
        if (block instanceof Fuseable.ScalarCallable<?> value) {
            takeNow(request, value);
        } else if (source != from) { // the source has ended the wire or the serving: no read may begin
            take(request, null);
        } else {
            BlockRead read = new BlockRead(context, request, subscriber, this);
            reading.put(request, read);
            read.start(block);
        }
    }

    @Override
    public void onRead(BlockRead read, @Nullable ByteBuf data) {
        if (reading.remove(read.request(), read)) {
            take(read.request(), data);
            outbound.drain();
        } else {
            ReferenceCountUtil.release(data); // cancelled during the read
        }
    }

    @Override
    public void onReadFailed(BlockRead read, Throwable error) {
        if (reading.get(read.request()) == read) {
            onRead(read, null);
            fail(error);
        }
    }

    /** Takes a value without a subscription, which saves a seed from memory a third of its CPU. */
    private void takeNow(BlockRequest request, Callable<?> value) {
        ByteBuf data;
        try {
            data = (ByteBuf) value.call();
        } catch (Throwable e) {
            take(request, null);
            fail(Exceptions.unwrap(e));
            return;
        }
        take(request, data);
    }

    /** Takes the answer of the source for a request that has just been removed; null if it has no block. */
    private void take(BlockRequest request, @Nullable ByteBuf data) {
        int got = data == null ? 0 : data.readableBytes();
        if (data != null && got == request.length() && source != null) {
            count();
            held.onRead(request, data);
            return;
        }
        ReferenceCountUtil.release(data);
        count();
        held.onNotRead(request);
        reject(request);
        if (data != null && got != request.length()) {
            fail(new IllegalStateException("the source must return all bytes of " + request + ", was " + got));
        }
    }

    private void fail(Throwable error) {
        MonoSink<Void> sink = serving;
        if (sink != null) {
            failure = error;
            Loggers.getLogger(BlockSource.class)
                    .error("The block source of " + context.wire() + " failed and serves no more blocks", error);
            stop(sink);
            sink.error(error);
        }
    }

    /** Returns true if this is the failure of the last source that failed. */
    public boolean isFailureOfSource(Throwable error) {
        return error == failure;
    }

    /** Removes matching requests, each with its answer under Fast. */
    private void drop(Predicate<BlockRequest> which) {
        List<BlockRequest> dropped = Stream.concat(reading.keySet().stream(), unread.stream())
                .filter(which)
                .toList();
        outbound.batch(() -> {
            for (BlockRequest request : dropped) {
                forget(request);
                reject(request);
            }
            dropReady(which);
        });
    }

    private boolean dropReady(Predicate<BlockRequest> which) {
        List<BlockRequest> dropped = held.drop(which);
        dropped.forEach(this::reject);
        return !dropped.isEmpty();
    }

    private void reject(BlockRequest request) {
        if (fast && !context.isEnded()) {
            outbound.answer(new Message.RejectRequest(request));
        }
    }

    private void count() {
        context.counters().set(Counter.UPLOADS_QUEUED, queued());
    }

    private int queued() {
        return unread.size() + reading.size();
    }

    /** Drops everything and completes the serving, after the end of the wire. */
    public void close() {
        MonoSink<Void> sink = serving;
        stop(sink);
        if (sink != null) {
            sink.success();
        }
    }
}
