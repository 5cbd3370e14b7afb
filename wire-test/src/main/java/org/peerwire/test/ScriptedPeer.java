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
 * A peer that does nothing but what the test says, at the other end of a real wire in memory: it sends messages, bytes or
 * nothing, and looks at what the wire has sent. Everything happens on the calling thread, and time passes only when
 * {@link #advance} says so.
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

    /** A peer that a wire with this identity is dialling: the wire's handshake has come, ours is still to be sent. */
    public static ScriptedPeer dialledBy(LocalPeer self) {
        return dialledBy(self, options -> options, wire -> {});
    }

    /**
     * The same with options, and a user that gets the wire before it reads its first message.
     *
     * @param options the scheduler is this peer's clock
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

    /** A peer that has connected to a server with this identity: nothing has been sent. */
    public static ScriptedPeer dialling(LocalPeer self) {
        return dialling(self, options -> options, wire -> {});
    }

    /** The same with options, and a user that gets the wire before it reads its first message. */
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

    /** The wire at the other end. Fails when the handshakes are not done. */
    public Wire wire() {
        Wire open = wire;
        if (open == null) {
            throw new IllegalStateException("the wire is not open yet", failure);
        }
        return open;
    }

    /** What kept the wire from opening, or null. */
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

    /** Stops reading: what the wire sends waits, and then the wire has to wait. */
    public ScriptedPeer stopReading() {
        end.in().hold();
        return this;
    }

    /** Reads again. */
    public ScriptedPeer startReading() {
        end.in().letGo();
        return this;
    }

    /** Lets time pass, and everything happen that is due. */
    public ScriptedPeer advance(Duration time) {
        clock.advanceTimeBy(time);
        return this;
    }

    /** The wire's clock. */
    public VirtualTimeScheduler clock() {
        return clock;
    }

    /** The way to the wire: delay, bandwidth, faults. */
    public Line toWire() {
        return end.out();
    }

    /** The way from the wire: delay, bandwidth, faults. */
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

    /** All there is has come already. */
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
