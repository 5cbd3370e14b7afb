/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/** The life of a wire: starts its parts, feeds them what is read, ticks them, pauses them, ends them. */
final class Engine {
    private static final long TICK_MILLIS = 1000;
    private static final long LINGER_MILLIS = 1000;
    private static final int MAX_ANSWERS_WAITING = 2048;

    private final Connection connection;
    private final EventLoop loop;
    private final Encryption encryption;
    private final PeerWireDecoder decoder;
    private final WireOptions options;
    private final ActiveClock clock;
    private final Counters counters = new Counters();
    private final Conversation conversation;
    private final InboundHub hub;
    private final OutboundQueue outbound;
    private final Wire wire;

    private final Sinks.Empty<Void> closed = Sinks.unsafe().empty();
    private volatile boolean terminated;
    private volatile @Nullable WireException failure;

    @EventLoopOnly
    private Disposable ticker = () -> {};

    @EventLoopOnly
    private Disposable linger = () -> {};

    @EventLoopOnly
    private long lastRead;

    @EventLoopOnly
    private long lastWrite;

    @EventLoopOnly
    private long closingSince = -1;

    @EventLoopOnly
    private boolean crowded;

    Engine(
            Connection connection,
            PeerWireDecoder decoder,
            FrameLimits limits,
            KnownTorrent torrent,
            LocalPeer local,
            Handshake remote,
            boolean initiator,
            WireOptions options,
            Encryption encryption) {
        this.connection = connection;
        this.encryption = encryption;
        this.loop = connection.channel().eventLoop();
        this.decoder = decoder;
        this.options = options;
        this.clock = new ActiveClock(options.scheduler());
        this.hub = new InboundHub(loop, options, new InboundHub.Valve() {
            @Override
            public void pauseReading() {
                clock.pause();
                stopReading();
            }

            @Override
            public void resumeReading() {
                if (clock.resume()) {
                    goOnReading();
                }
            }
        });
        Features features = local.features().and(remote.features());
        this.conversation =
                new Conversation(this, connection.channel(), local, features, options, limits, torrent, counters, hub);
        this.outbound = conversation.outbound;
        this.wire = new OpenWire(
                connection, local, remote, initiator, encryption.method(), features, this, conversation, hub, counters);
    }

    Wire wire() {
        return wire;
    }

    /** Begins: our extended handshake is the first thing behind the handshake. */
    @EventLoopOnly
    void start(long bytesRead, long bytesWritten) {
        lastRead = lastWrite = clock.active();
        counters.startRates(clock.now());
        counters.add(Counter.BYTES_IN, bytesRead);
        counters.add(Counter.BYTES_OUT, bytesWritten);
        conversation.begin(encryption.policy().prefersEncryption());
        if (terminated) {
            return; // the write of the handshake has failed: a timer made now would never end
        }
        ticker = clock.scheduler()
                .schedulePeriodically(() -> onLoop(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Handles what has been read; the buffer stays the caller's. */
    @EventLoopOnly
    void onRead(ByteBuf in) {
        lastRead = clock.active();
        counters.add(Counter.BYTES_IN, in.readableBytes());
        decode(() -> decoder.feed(in));
        decoder.limitReadAhead(connection.channel());
    }

    /** Runs the decoder with one flush for all that its messages cause. */
    @EventLoopOnly
    void decode(Runnable decoding) {
        outbound.batch(() -> {
            try {
                decoding.run();
            } catch (WireException e) {
                terminate(e);
            }
        });
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
        checkCrowded();
    }

    @EventLoopOnly
    void onWritable() {
        outbound.drain();
    }

    @EventLoopOnly
    void onInboundEnd(@Nullable Throwable cause) {
        decode(decoder::finish); // a pause ends with the connection: what came before the end is not lost
        if (closingSince >= 0) {
            terminate(null);
        } else if (cause != null) {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            terminate(
                    new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed: " + why, cause));
        } else if (!decoder.atBoundary()) {
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
        outbound.batch(() -> {
            conversation.pending.tick(active);
            conversation.blocks.tick(active);
        });
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
    private void stopReading() {
        decoder.pause();
        decoder.limitReadAhead(connection.channel());
    }

    @EventLoopOnly
    private void goOnReading() {
        if (mayRead()) {
            decode(decoder::resume);
            if (mayRead()) {
                connection.channel().config().setAutoRead(true);
            }
        }
    }

    /** Goes on after the admission. */
    @EventLoopOnly
    void resumeReading() {
        goOnReading();
    }

    @EventLoopOnly
    private boolean mayRead() {
        return !clock.isPaused() && !crowded && !terminated;
    }

    /** A peer that makes us answer and does not read the answers is not read either; its idle clock goes on. */
    @EventLoopOnly
    private void checkCrowded() {
        if (!crowded && outbound.answers() > MAX_ANSWERS_WAITING) {
            crowded = true;
            stopReading();
        }
    }

    @EventLoopOnly
    void onDrained() {
        if (crowded && outbound.answers() <= MAX_ANSWERS_WAITING / 2) {
            crowded = false;
            goOnReading();
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
        linger.dispose();
        counters.stopRates();
        decoder.close();
        failure = cause;
        conversation.close(cause);
        hub.terminate(cause);
        connection.dispose();
        if (cause == null) {
            closed.tryEmitEmpty();
        } else {
            closed.tryEmitError(cause);
        }
    }

    void onLoop(Runnable task) {
        Loops.run(loop, task);
    }

    boolean isTerminated() {
        return terminated;
    }

    /** Lets what is queued go out, then ends. */
    @EventLoopOnly
    void closeInOrder() {
        if (!terminated && closingSince < 0) {
            closingSince = clock.now();
            outbound.whenFlushed(this::endOutput);
        }
    }

    /**
     * Says that nothing more will come and waits for the peer to say the same. A socket that is closed with something
     * unread is reset, and a reset takes away from the peer what it has not read either.
     */
    @EventLoopOnly
    private void endOutput() {
        if (!terminated && connection.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            linger = clock.scheduler()
                    .schedule(() -> onLoop(() -> terminate(null)), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            terminate(null);
        }
    }

    Mono<Void> closed() {
        return closed.asMono();
    }

    ConnectionException closedException() {
        return OutboundQueue.closed(failure);
    }

    /** Milliseconds that have passed while the wire was reading. */
    @EventLoopOnly
    long activeMillis() {
        return clock.active();
    }

    @EventLoopOnly
    void onFlushed() {
        lastWrite = clock.now();
    }
}
