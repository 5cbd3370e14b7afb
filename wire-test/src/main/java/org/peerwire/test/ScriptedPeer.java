/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A peer in memory that sends and expects messages as the test says, at the other end of a real wire. All work happens
 * on the calling thread, and time passes only with {@link #advance}.
 *
 * <pre>{@code
 * ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.NONE);
 * peer.send(new Message.Unchoke());
 * peer.wire().blocks().request(block).subscribe();
 * peer.expect(new Message.Request(block));
 * peer.advance(Duration.ofMinutes(1)).close();
 * }</pre>
 */
public final class ScriptedPeer extends PeerScript<ScriptedPeer> {
    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.7", 6881);
    private static final InetSocketAddress WIRE = new InetSocketAddress("192.0.2.1", 50_001);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final MemoryChannel end;
    private @Nullable Wire wire;
    private @Nullable Throwable failure;
    private boolean closed;

    private ScriptedPeer(LocalPeer self) {
        super(self.infoHash());
        this.end = MemoryChannel.withHandler(PEER, WIRE, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                try {
                    receive(bytes);
                } finally {
                    bytes.release();
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                closed = true;
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                closed = true;
            }
        });
    }

    /**
     * Returns a peer that a wire with this identity has dialled. The wire's handshake has arrived. The peer has sent
     * nothing.
     */
    public static ScriptedPeer dialledBy(LocalPeer self) {
        return dialledBy(self, options -> options, wire -> {});
    }

    /**
     * Returns a dialled peer, with options and a user of the wire.
     *
     * @param options changes the options of the wire; the scheduler is always this peer's clock
     * @param user gets the wire before it reads its first message
     */
    public static ScriptedPeer dialledBy(
            LocalPeer self, UnaryOperator<WireOptions.Builder> options, Consumer<Wire> user) {
        ScriptedPeer peer = new ScriptedPeer(self);
        MemoryChannel wireEnd = peer.plug();
        WireClient.create()
                .options(peer.options(options))
                .over(wireEnd.connection(), self)
                .doOnNext(user)
                .subscribe(peer::opened, peer::failed);
        return peer;
    }

    /** Returns a peer that has connected to a server with this identity. It has sent nothing. */
    public static ScriptedPeer dialling(LocalPeer self) {
        return dialling(self, options -> options, wire -> {});
    }

    /** Returns a connected peer, with options and a user that gets the wire before it reads its first message. */
    public static ScriptedPeer dialling(
            LocalPeer self, UnaryOperator<WireOptions.Builder> options, Consumer<Wire> user) {
        ScriptedPeer peer = new ScriptedPeer(self);
        MemoryChannel wireEnd = peer.plug();
        WireServer.create()
                .options(peer.options(options))
                .admit((handshake, from) ->
                        handshake.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .over(wireEnd.connection())
                .doOnNext(user)
                .subscribe(peer::opened, peer::failed);
        return peer;
    }

    private MemoryChannel plug() {
        MemoryChannel wireEnd = MemoryChannel.withReactorNetty(WIRE, PEER);
        MemoryChannel.connect(wireEnd, end, clock);
        return wireEnd;
    }

    private WireOptions options(UnaryOperator<WireOptions.Builder> options) {
        return options.apply(WireOptions.builder()).scheduler(clock).build();
    }

    private void opened(Wire opened) {
        wire = opened;
    }

    private void failed(Throwable cause) {
        failure = cause;
    }

    /**
     * Returns the wire at the other end.
     *
     * @throws IllegalStateException if the handshakes are not complete
     */
    public Wire wire() {
        Wire open = wire;
        if (open == null) {
            throw new IllegalStateException("the handshakes must be complete before wire() is called", failure);
        }
        return open;
    }

    /** Returns the error that prevented the wire from opening, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public ScriptedPeer send(ByteBuf bytes) {
        end.writeAndFlush(bytes);
        return this;
    }

    /** Stops reading. After 64 KiB of unread bytes, the wire is not writable. */
    public ScriptedPeer stopReading() {
        end.in().hold();
        return this;
    }

    /** Reads again. */
    public ScriptedPeer startReading() {
        end.in().letGo();
        return this;
    }

    /** Advances the clock, and runs all tasks that are due. */
    public ScriptedPeer advance(Duration time) {
        clock.advanceTimeBy(time);
        return this;
    }

    /** Returns the clock of the wire. */
    public VirtualTimeScheduler clock() {
        return clock;
    }

    /** Returns the line to the wire, with its delay, bandwidth and fault. */
    public Line toWire() {
        return end.out();
    }

    /** Returns the line from the wire, with its delay, bandwidth and fault. */
    public Line fromWire() {
        return end.in();
    }

    @Override
    public ScriptedPeer halfClose() {
        end.out().end();
        return this;
    }

    @Override
    public ScriptedPeer close() {
        end.close();
        return this;
    }

    @Override
    public ScriptedPeer reset() {
        end.reset();
        return this;
    }

    @Override
    ScriptedPeer self() {
        return this;
    }

    /** Returns false: in memory, all bytes have arrived already. */
    @Override
    boolean await() {
        return false;
    }

    @Override
    void poll() {}

    /** Closes the wire. */
    @Override
    public void dispose() {
        if (wire != null) {
            wire.dispose();
        }
        end.close();
        end.runPendingTasks();
    }
}
