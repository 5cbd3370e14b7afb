/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A peer that does nothing but what the test says, at the other end of a real wire in memory: it sends messages, bytes or
 * nothing, and looks at what the wire has sent. Everything happens on the calling thread, and time passes only when
 * {@link #advance} says so.
 */
public final class ScriptedPeer implements Disposable {
    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.7", 6881);
    private static final InetSocketAddress WIRE = new InetSocketAddress("192.0.2.1", 50_001);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final ByteBuf read = Unpooled.buffer();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private final MemoryChannel end;
    private final LocalPeer self;
    private @Nullable Handshake theirs;
    private @Nullable Wire wire;
    private @Nullable Throwable failure;
    private boolean closed;

    private ScriptedPeer(LocalPeer self) {
        this.self = self;
        this.end = MemoryChannel.withHandler(PEER, WIRE, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                read.writeBytes(bytes);
                bytes.release();
                parse();
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
        MemoryChannel.connect(wireEnd, end);
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

    /** The wire's handshake, or null when it has not come. */
    public @Nullable Handshake theirs() {
        return theirs;
    }

    /** Whether the wire has closed the connection. */
    public boolean isClosed() {
        return closed;
    }

    /** Sends a handshake for the wire's torrent with these features. */
    public ScriptedPeer handshake(Features features) {
        return handshake(new Handshake(features, self.infoHash(), PeerId.parse("-SP0001-abcdefghijkl")));
    }

    /** Sends a handshake. */
    public ScriptedPeer handshake(Handshake handshake) {
        ByteBuf bytes = Unpooled.buffer();
        handshake.writeTo(bytes);
        return send(bytes);
    }

    /** Sends messages, all in one read. */
    public ScriptedPeer send(Message... all) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : all) {
            MessageCodec.encode(message, bytes);
        }
        return send(bytes);
    }

    /** Sends bytes written as hexadecimal digits; blanks are skipped. */
    public ScriptedPeer sendHex(String hex) {
        return send(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replaceAll("\\s", ""))));
    }

    /** Sends bytes in one read; the buffer's ownership passes. */
    public ScriptedPeer send(ByteBuf bytes) {
        end.writeAndFlush(bytes);
        return this;
    }

    /** The next message the wire has sent, or null when there is none. */
    public @Nullable Message next() {
        return messages.poll();
    }

    /** All messages the wire has sent and nobody has looked at. */
    public List<Message> received() {
        List<Message> all = new ArrayList<>(messages);
        messages.clear();
        return all;
    }

    /**
     * The next message the wire has sent, which must be of this kind.
     *
     * @throws AssertionError if it is another, or there is none
     */
    public <T extends Message> T expect(Class<T> kind) {
        Message next = messages.poll();
        if (!kind.isInstance(next)) {
            throw new AssertionError("expected " + kind.getSimpleName() + " but the wire sent " + next);
        }
        return kind.cast(next);
    }

    /**
     * The next message the wire has sent must equal this one.
     *
     * @throws AssertionError if it does not
     */
    public ScriptedPeer expect(Message expected) {
        Message next = messages.poll();
        if (!expected.equals(next)) {
            throw new AssertionError("expected " + expected + " but the wire sent " + next);
        }
        return this;
    }

    /**
     * The wire must have sent nothing that has not been looked at.
     *
     * @throws AssertionError if it has
     */
    public ScriptedPeer expectNothing() {
        if (!messages.isEmpty()) {
            throw new AssertionError("expected nothing but the wire sent " + messages);
        }
        return this;
    }

    /** Stops reading: what the wire sends waits, and then the wire has to wait. */
    public ScriptedPeer stopReading() {
        end.hold();
        return this;
    }

    /** Reads again. */
    public ScriptedPeer startReading() {
        end.letGo();
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

    /** Closes the connection in order. */
    public ScriptedPeer close() {
        end.close();
        return this;
    }

    /** Breaks the connection. */
    public ScriptedPeer reset() {
        end.reset();
        return this;
    }

    private void parse() {
        if (theirs == null) {
            if (read.readableBytes() < Handshake.LENGTH) {
                return;
            }
            theirs = Handshake.read(read);
        }
        Message message;
        while ((message = MessageCodec.decode(read)) != null) {
            messages.add(message);
        }
        read.discardReadBytes();
    }

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
