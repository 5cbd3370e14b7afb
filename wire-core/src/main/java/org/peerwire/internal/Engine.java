/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.AllowedFastSet;
import org.peerwire.BlockExchange;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.Features.Feature;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.MessageSink;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.WireStats;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/**
 * The wire itself: owns the parts, starts them, ticks them, ends them. What a message means is in {@link Conversation}.
 */
final class Engine implements Wire {
    private static final long TICK_MILLIS = 1000;

    private final Connection connection;
    private final EventLoop loop;
    private final PeerWireDecoder decoder;
    private final LocalPeer local;
    private final Handshake remote;
    private final boolean initiator;
    private final Features features;
    private final WireOptions options;
    private final ActiveClock clock;
    private final Counters counters = new Counters();
    private final Conversation conversation;
    private final InboundHub hub;
    private final OutboundQueue outbound;
    private final Extensions extensions;

    private final Sinks.Many<PeerState> states = Sinks.unsafe().many().replay().latestOrDefault(PeerState.INITIAL);
    private final Sinks.Empty<Void> closed = Sinks.unsafe().empty();
    private volatile PeerState state = PeerState.INITIAL;
    private volatile @Nullable TorrentShape shape;
    private volatile boolean terminated;

    @EventLoopOnly
    private Disposable ticker = () -> {};

    @EventLoopOnly
    private long lastRead;

    @EventLoopOnly
    private long lastWrite;

    @EventLoopOnly
    private long closingSince = -1;

    Engine(
            Connection connection,
            PeerWireDecoder decoder,
            FrameLimits limits,
            LocalPeer local,
            Handshake remote,
            boolean initiator,
            WireOptions options) {
        this.connection = connection;
        this.loop = connection.channel().eventLoop();
        this.decoder = decoder;
        this.local = local;
        this.remote = remote;
        this.initiator = initiator;
        this.features = local.features().and(remote.features());
        this.options = options;
        this.clock = new ActiveClock(options.scheduler());
        this.hub = new InboundHub(loop, options, new InboundHub.Valve() {
            @Override
            public void pauseReading() {
                pause();
            }

            @Override
            public void resumeReading() {
                resume();
            }
        });
        this.conversation =
                new Conversation(this, connection.channel(), local, features, options, limits, counters, hub);
        this.outbound = conversation.outbound;
        this.extensions = conversation.extensions;
    }

    // ---- life -------------------------------------------------------------------------------------------------------

    /** Begins: our extended handshake is the first thing behind the handshake. */
    @EventLoopOnly
    void start(long bytesRead) {
        lastRead = lastWrite = clock.active();
        counters.add(Counter.BYTES_IN, bytesRead);
        counters.add(Counter.BYTES_OUT, Handshake.LENGTH);
        TorrentShape known = local.shape();
        if (known != null) {
            shape = known;
            conversation.shape(known);
        }
        if (features.has(Feature.EXTENSION_PROTOCOL)) {
            sendHandshake(extensions.advertise(this::addOurKeys, known != null && known.isPrivate()));
        } else {
            extensions.close();
        }
        ticker = clock.scheduler()
                .schedulePeriodically(() -> onLoop(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private ExtendedHandshake.Builder addOurKeys(ExtendedHandshake.Builder builder) {
        builder.requestQueue(options.maxQueuedUploads());
        if (!options.clientName().isEmpty()) {
            builder.client(options.clientName());
        }
        if (local.listenPort() > 0) {
            builder.listenPort(local.listenPort());
        }
        if (remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null) {
            builder.yourIp(inet.getAddress());
        }
        return builder;
    }

    /** Handles what has been read; the buffer stays the caller's. */
    @EventLoopOnly
    void onRead(ByteBuf in) {
        lastRead = clock.active();
        counters.add(Counter.BYTES_IN, in.readableBytes());
        decode(() -> decoder.feed(in));
    }

    /** Runs the decoder with one flush for all that its messages cause. */
    @EventLoopOnly
    void decode(Runnable decoding) {
        outbound.cork();
        try {
            decoding.run();
        } catch (WireException e) {
            terminate(e);
        } finally {
            outbound.uncork();
        }
    }

    @EventLoopOnly
    void onMessage(Message message) {
        counters.add(Counter.MESSAGES_IN, 1);
        try {
            if (conversation.onMessage(message)) {
                hub.publish(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @EventLoopOnly
    void onWritable() {
        outbound.drain();
    }

    @EventLoopOnly
    void onInboundEnd(@Nullable Throwable cause) {
        if (cause != null) {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            terminate(
                    new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed: " + why, cause));
        } else if (!decoder.atBoundary() && closingSince < 0) {
            terminate(new ConnectionException(
                    ConnectionException.Reason.TRUNCATED, "the peer closed in the middle of a message"));
        } else {
            terminate(null);
        }
    }

    @EventLoopOnly
    private void tick() {
        if (terminated) {
            return;
        }
        long active = clock.active();
        counters.tick(clock.now());
        hub.tick(clock.now());
        conversation.pending.tick(active);
        conversation.blocks.tick(active);
        if (active - lastRead >= options.idleTimeout().toMillis()) {
            terminate(new ConnectionException(
                    ConnectionException.Reason.IDLE, "nothing was received for " + options.idleTimeout()));
        } else if (closingSince >= 0
                && clock.now() - closingSince >= options.stallTimeout().toMillis()) {
            terminate(null);
        } else if (clock.now() - lastWrite >= options.keepAliveInterval().toMillis() && outbound.isEmpty()) {
            outbound.add(new Message.KeepAlive());
        }
    }

    @EventLoopOnly
    private void pause() {
        clock.pause();
        decoder.pause();
        connection.channel().config().setAutoRead(false);
    }

    @EventLoopOnly
    private void resume() {
        if (clock.resume() && !terminated) {
            decode(decoder::resume);
            if (!clock.isPaused() && !terminated) {
                connection.channel().config().setAutoRead(true);
            }
        }
    }

    /** Ends the wire and everything it has handed out, once. */
    @EventLoopOnly
    void terminate(@Nullable WireException cause) {
        if (terminated) {
            return;
        }
        terminated = true;
        ticker.dispose();
        decoder.close();
        conversation.close();
        hub.terminate(cause);
        state(PeerState.INITIAL);
        states.tryEmitComplete();
        connection.dispose();
        if (cause == null) {
            closed.tryEmitEmpty();
        } else {
            closed.tryEmitError(cause);
        }
    }

    // ---- for the parts ----------------------------------------------------------------------------------------------

    void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    boolean isTerminated() {
        return terminated;
    }

    ConnectionException closedException() {
        return new ConnectionException(ConnectionException.Reason.CLOSED, "the wire has ended");
    }

    /** Milliseconds that have passed while the wire was reading. */
    @EventLoopOnly
    long activeMillis() {
        return clock.active();
    }

    @EventLoopOnly
    void written(long bytes) {
        lastWrite = clock.now();
        counters.add(Counter.BYTES_OUT, bytes);
        counters.add(Counter.MESSAGES_OUT, 1);
    }

    @EventLoopOnly
    void state(PeerState next) {
        if (!next.equals(state)) {
            state = next;
            states.tryEmitNext(next);
        }
    }

    @Nullable
    TorrentShape shape() {
        return shape;
    }

    int pieceLength(int piece) {
        TorrentShape known = shape;
        return known == null ? 0 : known.pieceLength(piece);
    }

    /** Tells an IPv4 peer which pieces it may ask for while we choke it (BEP 6). */
    @EventLoopOnly
    void announceAllowedFast() {
        TorrentShape known = shape;
        if (features.has(Feature.FAST)
                && known != null
                && known.pieceCount() > 0
                && remoteAddress() instanceof InetSocketAddress inet
                && inet.getAddress() != null) {
            AllowedFastSet.of(inet.getAddress(), remote.infoHash(), known.pieceCount(), options.allowedFastPieces())
                    .forEach(piece -> outbound.add(new Message.AllowedFast(piece)));
        }
    }

    private void sendHandshake(ExtendedHandshake handshake) {
        outbound.add(new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded())));
    }

    // ---- Wire -------------------------------------------------------------------------------------------------------

    @Override
    public LocalPeer local() {
        return local;
    }

    @Override
    public Handshake remote() {
        return remote;
    }

    @Override
    public Features features() {
        return features;
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.channel().remoteAddress();
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public Flux<Message> inbound() {
        return hub.flux(message -> true);
    }

    @Override
    public MessageSink outbound() {
        return outbound;
    }

    @Override
    public PeerState state() {
        return state;
    }

    @Override
    public Flux<PeerState> states() {
        return states.asFlux().onBackpressureLatest();
    }

    @Override
    public PieceSet peerPieces() {
        return conversation.pieces.snapshot();
    }

    @Override
    public List<Integer> peerAllowedFast() {
        return conversation.advice.allowedFast();
    }

    @Override
    public List<Integer> peerSuggested() {
        return conversation.advice.suggested();
    }

    @Override
    public BlockExchange blocks() {
        return conversation.blocks;
    }

    @Override
    public ExtensionChannel extension(String name) {
        return extensions.channel(name);
    }

    @Override
    public Mono<ExtendedHandshake> extendedHandshake() {
        return extendedHandshakes().next();
    }

    @Override
    public Flux<ExtendedHandshake> extendedHandshakes() {
        return extensions.handshakes();
    }

    @Override
    public Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes) {
        return Mono.defer(() -> outbound.send(new Message.Extended(
                0, Unpooled.wrappedBuffer(extensions.build(changes).dictionary().encoded()))));
    }

    @Override
    public Mono<Void> shape(TorrentShape known) {
        return Mono.create(sink -> onLoop(() -> {
            try {
                shape = known;
                conversation.shape(known);
                ExtendedHandshake withdrawal = known.isPrivate() && features.has(Feature.EXTENSION_PROTOCOL)
                        ? extensions.withdrawForPrivate()
                        : null;
                if (withdrawal != null) {
                    sendHandshake(withdrawal);
                }
                sink.success();
            } catch (WireException e) {
                terminate(e);
                sink.error(e);
            }
        }));
    }

    @Override
    public Mono<Void> dontHave(int piece) {
        return Mono.defer(() -> {
            onLoop(() -> conversation.weDontHave(piece));
            return extensions.peerSupports(Extensions.DONT_HAVE)
                    ? extension(Extensions.DONT_HAVE).send(Unpooled.buffer(4).writeInt(piece))
                    : Mono.empty();
        });
    }

    @Override
    public WireStats stats() {
        return counters.snapshot();
    }

    @Override
    public Mono<Void> close() {
        return Mono.<Void>create(sink -> onLoop(() -> {
                    if (!terminated && closingSince < 0) {
                        closingSince = clock.now();
                        outbound.whenFlushed(() -> terminate(null));
                    }
                    sink.success();
                }))
                .then(connection.onDispose())
                .onErrorComplete();
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    @Override
    public void dispose() {
        onLoop(() -> terminate(null));
    }

    @Override
    public boolean isDisposed() {
        return terminated;
    }

    @Override
    public String toString() {
        return "Wire[" + remoteAddress() + ", " + remote.peerId() + "]";
    }
}
