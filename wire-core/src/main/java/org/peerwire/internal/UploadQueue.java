/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
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
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The peer's requests: descriptors until the socket takes data, then reads, then messages. Choke and cancel edit the queue.
 * Under Fast everything that leaves it without a piece leaves with a reject.
 */
@EventLoopOnly
final class UploadQueue {
    private static final Context RELEASE_WHAT_IS_DISCARDED =
            Operators.enableOnDiscard(Context.empty(), ReferenceCountUtil::safeRelease);

    private final Engine engine;
    private final Conversation conversation;
    private final Counters counters;
    private final Oddities oddities;
    private final OutboundQueue outbound;
    private final boolean fast;
    private final WireLimits limits;

    private final Set<BlockRequest> unread = new LinkedHashSet<>();
    private final Map<BlockRequest, Read> reading = new LinkedHashMap<>();
    private final ArrayDeque<Message.Piece> ready = new ArrayDeque<>();
    private final FastAllowance allowedFast;

    private @Nullable BlockSource source;
    private @Nullable MonoSink<Void> serving;
    private int held;

    UploadQueue(
            Engine engine,
            Conversation conversation,
            Counters counters,
            Oddities oddities,
            OutboundQueue outbound,
            boolean fast,
            WireLimits limits) {
        this.engine = engine;
        this.conversation = conversation;
        this.counters = counters;
        this.oddities = oddities;
        this.outbound = outbound;
        this.fast = fast;
        this.limits = limits;
        this.allowedFast = new FastAllowance(limits.maxFastServes());
    }

    Mono<Void> serve(BlockSource blocks) {
        return Mono.create(sink -> engine.onLoop(() -> {
            if (serving != null) {
                sink.error(new IllegalStateException("this wire is served already: one serve() at a time"));
            } else if (engine.isTerminated()) {
                sink.success();
            } else {
                source = blocks;
                serving = sink;
                sink.onDispose(() -> engine.onLoop(() -> stopServing(sink)));
                conversation.announceAllowedFast();
                outbound.drain();
            }
        }));
    }

    boolean isServing() {
        return serving != null;
    }

    private void stopServing(MonoSink<Void> sink) {
        if (serving == sink) {
            serving = null;
            source = null;
            drop(request -> true);
        }
    }

    /** Notes a piece we have told the peer it may ask for while choked. */
    void allowFast(int piece) {
        allowedFast.allow(piece);
    }

    /** Takes in a request of the peer. */
    void onRequest(BlockRequest request, boolean choking, boolean valid, long now) {
        Ignored wrong = null;
        if (!valid) {
            wrong = Ignored.INVALID_REQUEST;
        } else if (choking
                && !(fast && allowedFast.mayAsk(request, conversation.torrent.pieceLength(request.piece())))) {
            wrong = Ignored.CHOKED_REQUEST;
        } else if (unread.contains(request) || reading.containsKey(request)) {
            wrong = Ignored.REPEATED_REQUEST;
        } else if (queued() >= limits.maxQueuedUploads()) {
            wrong = Ignored.EXCESS_REQUEST;
        }
        if (wrong != null) {
            oddities.ignore(wrong, MessageType.REQUEST.id(), now);
            reject(request);
        } else {
            if (choking) {
                allowedFast.count(request);
            }
            unread.add(request);
            count();
        }
    }

    /** Answers a request that was on its way when we choked, without holding it against the peer. */
    void onCrossedChoke(BlockRequest request) {
        if (fast && allowedFast.contains(request)) {
            onRequest(request, true, true, engine.activeMillis());
        } else {
            reject(request);
        }
    }

    void onCancel(BlockRequest request, long now) {
        if (forget(request)) {
            reject(request);
        } else if (!dropReady(request::equals)) {
            oddities.ignore(Ignored.UNKNOWN_CANCEL, MessageType.CANCEL.id(), now);
        }
    }

    /** We have choked the peer: only what is allowed fast stays. */
    void onOurChoke() {
        drop(request -> !(fast && allowedFast.contains(request)));
    }

    /** We no longer have a piece. */
    void onOurDontHave(int piece) {
        drop(request -> request.piece() == piece);
    }

    /** The user has answered this one by hand. */
    void answeredByHand(BlockRequest request) {
        forget(request);
    }

    /** Takes out what has not been read to the end; false if there is no such request. */
    private boolean forget(BlockRequest request) {
        boolean known = unread.remove(request);
        Read read = reading.remove(request);
        if (read != null) {
            hold(-request.length());
            read.cancel();
        }
        count();
        return known || read != null;
    }

    /**
     * The next block to write, whose ownership passes. Starts reads while there is room and the socket takes data. Only the
     * outbound queue calls this, so what a source causes by being asked is written after its block.
     */
    Message.@Nullable Piece next() {
        BlockSource from;
        while ((from = source) != null && outbound.isWritable() && !unread.isEmpty()) {
            Iterator<BlockRequest> oldest = unread.iterator();
            BlockRequest next = oldest.next();
            if (held + next.length() > outbound.room()) {
                break;
            }
            oldest.remove();
            hold(next.length());
            read(next, from);
        }
        Message.Piece next = ready.poll();
        if (next != null) {
            hold(-next.data().readableBytes());
        }
        return next;
    }

    private void read(BlockRequest request, BlockSource from) {
        Mono<ByteBuf> block;
        try {
            block = Objects.requireNonNull(from.read(request), "the source returned null");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            block = Mono.error(e);
        }
        if (block instanceof Fuseable.ScalarCallable<?> there) {
            takeNow(request, there);
        } else {
            Read read = new Read(request);
            reading.put(request, read);
            block.subscribe(read);
        }
    }

    /** What is there already needs no subscription: a seeder that serves from memory spends a third less. */
    private void takeNow(BlockRequest request, Callable<?> there) {
        ByteBuf data;
        try {
            data = (ByteBuf) there.call();
        } catch (Exception e) {
            take(request, null);
            fail(e);
            return;
        }
        take(request, data);
    }

    /** What a source has given for a request that has just been taken out; null is nothing. */
    private void take(BlockRequest request, @Nullable ByteBuf data) {
        int got = data == null ? 0 : data.readableBytes();
        if (data != null && got == request.length() && source != null) {
            count();
            ready.add(new Message.Piece(request.piece(), request.offset(), data));
            return;
        }
        ReferenceCountUtil.release(data);
        count();
        hold(-request.length());
        reject(request);
        if (data != null && got != request.length()) {
            fail(new IllegalStateException("the source gave " + got + " bytes for " + request));
        }
    }

    private void fail(Throwable error) {
        MonoSink<Void> sink = serving;
        if (sink != null) {
            stopServing(sink);
            sink.error(error);
        }
    }

    /** Takes matching requests out, each with its answer under Fast. */
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
        return ready.removeIf(piece -> {
            int length = piece.data().readableBytes();
            BlockRequest request = new BlockRequest(piece.piece(), piece.offset(), length);
            if (!which.test(request)) {
                return false;
            }
            piece.release();
            hold(-length);
            reject(request);
            return true;
        });
    }

    private void reject(BlockRequest request) {
        if (fast && !engine.isTerminated()) {
            outbound.answer(new Message.RejectRequest(request));
        }
    }

    private void hold(int bytes) {
        held += bytes;
        counters.set(Counter.UPLOAD_BYTES_HELD, held);
    }

    private void count() {
        counters.set(Counter.UPLOADS_QUEUED, queued());
    }

    private int queued() {
        return unread.size() + reading.size();
    }

    void close() {
        MonoSink<Void> sink = serving;
        serving = null;
        source = null;
        drop(request -> true);
        if (sink != null) {
            sink.success();
        }
    }

    /** The read of a block that takes its time. */
    private final class Read extends BaseSubscriber<ByteBuf> {
        private final BlockRequest request;

        Read(BlockRequest request) {
            this.request = request;
        }

        @Override
        public Context currentContext() {
            return RELEASE_WHAT_IS_DISCARDED;
        }

        @Override
        protected void hookOnNext(ByteBuf data) {
            engine.onLoop(() -> {
                if (reading.remove(request, this)) {
                    take(request, data);
                    outbound.drain();
                } else {
                    data.release(); // cancelled while it was being read
                }
            });
        }

        /** Completion comes behind the data too; then the request has been taken out. */
        @Override
        protected void hookOnComplete() {
            engine.onLoop(this::onNothing);
        }

        @Override
        protected void hookOnError(Throwable error) {
            engine.onLoop(() -> {
                if (onNothing()) {
                    fail(error);
                }
            });
        }

        private boolean onNothing() {
            boolean waiting = reading.remove(request, this);
            if (waiting) {
                take(request, null);
                outbound.drain();
            }
            return waiting;
        }
    }
}
