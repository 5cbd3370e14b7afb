/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireOptions;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A connection in memory with Reactor Netty's operations. Records what is written, and breaks at a write of the test's
 * choice.
 */
final class OpeningProbe {
    static final LocalPeer SELF = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.parse("-PW0100-abcdefghijkl"));
    static final Handshake THEIRS =
            new Handshake(Features.DEFAULT, SELF.infoHash(), PeerId.parse("-PW0100-mnopqrstuvwx"));

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final WireOptions options = WireOptions.builder().scheduler(clock).build();
    final EncryptionSetup setup = EncryptionSetup.of(EncryptionPolicy.PLAINTEXT_ONLY, options);
    final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    final Socket channel = new Socket();
    final Connection connection = Connection.from(channel);

    OpeningProbe() {
        channel.config().setAllocator(alloc);
    }

    static final class Socket extends EmbeddedChannel {
        final ByteBuf written = Unpooled.buffer();
        private int flushes;
        private int broken = Integer.MAX_VALUE;

        Socket() {
            super(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    ChannelOperations.addReactiveBridge(
                            channel,
                            (connection, listener, message) -> new ChannelOperations<>(connection, listener),
                            ConnectionObserver.emptyListener());
                }
            });
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (++flushes >= broken) {
                throw new IOException("broken pipe");
            }
            super.doWrite(in);
        }

        @Override
        protected void handleOutboundMessage(Object message) {
            written.writeBytes((ByteBuf) message);
            ReferenceCountUtil.release(message);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("20.0.0.1", 6881);
        }

        int flushes() {
            return flushes;
        }
    }

    /** Breaks the connection at a flush, counted from 1. */
    void breakAt(int flush) {
        channel.broken = flush;
    }

    void receive(Handshake handshake) {
        ByteBuf bytes = alloc.buffer(Handshake.LENGTH);
        handshake.writeTo(bytes);
        channel.writeInbound(bytes);
    }

    /** Receives messages as one read. */
    void receive(Message... messages) {
        receive(encoded(messages));
    }

    void receive(byte[] bytes) {
        channel.writeInbound(alloc.buffer(bytes.length).writeBytes(bytes));
    }

    static byte[] encoded(Message... messages) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : messages) {
            MessageCodec.encode(message, bytes);
        }
        byte[] all = new byte[bytes.readableBytes()];
        bytes.readBytes(all);
        return all;
    }

    /** Checks that the connection is closed, no buffer is left and no timer changes anything any more. */
    void assertNothingRemains() {
        assertThat(channel.isOpen()).as("open").isFalse();
        int written = channel.written.writerIndex();
        clock.advanceTimeBy(Duration.ofHours(1));
        channel.runPendingTasks();
        assertThat(channel.written.writerIndex()).as("bytes written").isEqualTo(written);
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory())
                .as("bytes not released")
                .isZero();
    }
}
