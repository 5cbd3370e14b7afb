/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.WireLimits;
import org.peerwire.WireStats.Ignored;
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.Message.Type;
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

    private final Map<BlockRequest, Upload> queued = new LinkedHashMap<>();
    private final ArrayDeque<Upload> unread = new ArrayDeque<>();
    private final ArrayDeque<Message.Piece> ready = new ArrayDeque<>();
    /** What we have told the peer it may ask for while choked, and how many bytes of it have gone that way. */
    private final Map<Integer, Long> allowedFast = new HashMap<>();

    private @Nullable BlockSource source;
    private @Nullable MonoSink<Void> serving;
    private int held;
    private boolean pumping;

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
                pump();
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
        allowedFast.putIfAbsent(piece, 0L);
    }

    /** Takes in a request of the peer. */
    void onRequest(BlockRequest request, boolean choking, boolean valid, long now) {
        Ignored wrong = null;
        if (!valid) {
            wrong = Ignored.INVALID_REQUEST;
        } else if (choking && !mayAskWhileChoked(request)) {
            wrong = Ignored.CHOKED_REQUEST;
        } else if (queued.containsKey(request)) {
            wrong = Ignored.REPEATED_REQUEST;
        } else if (queued.size() >= limits.maxQueuedUploads()) {
            wrong = Ignored.EXCESS_REQUEST;
        }
        if (wrong != null) {
            oddities.ignore(wrong, Type.REQUEST.id(), now);
            reject(request);
        } else {
            if (choking) {
                allowedFast.merge(request.piece(), (long) request.length(), Long::sum);
            }
            Upload upload = new Upload(request);
            queued.put(request, upload);
            unread.add(upload);
            count();
        }
    }

    /** Answers a request that was on its way when we choked, without holding it against the peer. */
    void onCrossedChoke(BlockRequest request) {
        if (fast && allowedFast.containsKey(request.piece())) {
            onRequest(request, true, true, engine.activeMillis());
        } else {
            reject(request);
        }
    }

    private boolean mayAskWhileChoked(BlockRequest request) {
        Long served = allowedFast.get(request.piece());
        return fast
                && served != null
                && served < (long) limits.maxFastServes() * conversation.pieceLength(request.piece());
    }

    void onCancel(BlockRequest request, long now) {
        Upload upload = queued.remove(request);
        if (upload != null) {
            upload.forget();
            reject(request);
            count();
        } else if (!dropReady(request::equals)) {
            oddities.ignore(Ignored.UNKNOWN_CANCEL, Type.CANCEL.id(), now);
        }
    }

    /** We have choked the peer: only what is allowed fast stays. */
    void onOurChoke() {
        drop(request -> !(fast && allowedFast.containsKey(request.piece())));
    }

    /** We no longer have a piece. */
    void onOurDontHave(int piece) {
        drop(request -> request.piece() == piece);
    }

    /** The user has answered this one by hand. */
    void answeredByHand(BlockRequest request) {
        Upload upload = queued.remove(request);
        if (upload != null) {
            upload.forget();
            count();
        }
    }

    /** Starts reads while there is room and the socket takes data. */
    private void pump() {
        BlockSource from = source;
        if (pumping || from == null) {
            return;
        }
        pumping = true;
        try {
            Upload next;
            while (source == from && outbound.isWritable() && (next = unread.peek()) != null && hasRoom(next)) {
                unread.remove();
                next.read(from);
            }
        } finally {
            pumping = false;
        }
    }

    private boolean hasRoom(Upload next) {
        return held + next.request.length() <= outbound.room();
    }

    /** The next block to write, whose ownership passes. */
    Message.@Nullable Piece next() {
        pump();
        Message.Piece next = ready.poll();
        if (next != null) {
            hold(-next.data().readableBytes());
        }
        return next;
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
        List<Upload> dropped = queued.values().stream()
                .filter(upload -> which.test(upload.request))
                .toList();
        outbound.batch(() -> {
            for (Upload upload : dropped) {
                queued.remove(upload.request);
                upload.forget();
                reject(upload.request);
            }
            dropReady(which);
        });
        count();
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
        counters.set(Counter.UPLOADS_QUEUED, queued.size());
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

    /** One request and, once there is room, the read of its block. */
    private final class Upload extends BaseSubscriber<ByteBuf> {
        final BlockRequest request;
        private boolean reading;

        Upload(BlockRequest request) {
            this.request = request;
        }

        void read(BlockSource from) {
            reading = true;
            hold(request.length());
            Mono<ByteBuf> block;
            try {
                block = Objects.requireNonNull(from.read(request), "the source returned null");
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                block = Mono.error(e);
            }
            if (block instanceof Fuseable.ScalarCallable<?> there) {
                take(there);
            } else {
                block.subscribe(this);
            }
        }

        /** What is there already needs no subscription: a seeder that serves from memory spends a third less. */
        private void take(Callable<?> there) {
            ByteBuf data;
            try {
                data = (ByteBuf) there.call();
            } catch (Exception e) {
                hookOnError(e);
                return;
            }
            if (data == null) {
                onEmpty();
            } else {
                onData(data);
            }
        }

        @Override
        public Context currentContext() {
            return RELEASE_WHAT_IS_DISCARDED;
        }

        void forget() {
            if (reading) {
                hold(-request.length());
                cancel();
            } else {
                unread.remove(this);
            }
        }

        @Override
        protected void hookOnNext(ByteBuf data) {
            engine.onLoop(() -> onData(data));
        }

        @Override
        protected void hookOnComplete() {
            engine.onLoop(this::onEmpty);
        }

        @Override
        protected void hookOnError(Throwable error) {
            engine.onLoop(() -> {
                if (queued.get(request) == this) {
                    onEmpty();
                    fail(error);
                }
            });
        }

        private void onData(ByteBuf data) {
            int got = data.readableBytes();
            if (queued.get(request) != this) {
                data.release(); // cancelled while it was being read
            } else if (got != request.length()) {
                data.release();
                onEmpty();
                fail(new IllegalStateException("the source gave " + got + " bytes for " + request));
            } else {
                queued.remove(request);
                count();
                ready.add(new Message.Piece(request.piece(), request.offset(), data));
                outbound.drain();
            }
        }

        /** Completion comes behind the data too; then the request is no longer queued. */
        private void onEmpty() {
            if (queued.remove(request, this)) {
                count();
                hold(-request.length());
                reject(request);
                pump();
            }
        }
    }
}
