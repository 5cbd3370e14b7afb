/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.internal.encryption.Exchange;
import org.peerwire.internal.encryption.Exchange.Outcome;
import org.peerwire.internal.encryption.Exchange.Step;
import org.peerwire.internal.encryption.Initiator;
import org.peerwire.internal.encryption.Randomness;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The other end of one wire in memory, byte by byte. All work happens on the calling thread. */
final class RawEnd {
    static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    static final InfoHash OTHER = InfoHash.parse("ff".repeat(20));
    static final byte[] UNCHOKE = {0, 0, 0, 1, 1};
    static final PeerId PEER_ID = PeerId.parse("-SP0001-abcdefghijkl");
    static final LocalPeer SELF = LocalPeer.of(TORRENT, PeerId.parse("-AL0001-abcdefghijkl"));

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel channel) {
            ChannelOperations.addReactiveBridge(
                    channel,
                    (connection, listener, message) -> new ChannelOperations<>(connection, listener),
                    ConnectionObserver.emptyListener());
        }
    });

    @Nullable
    Wire wire;

    @Nullable
    Throwable failure;

    private RawEnd() {}

    /** Returns the end of a peer that has dialled a server of {@link #TORRENT} and another torrent. */
    static RawEnd dialling(EncryptionPolicy policy) {
        return dialling(server -> server.encryption(policy, EncryptionKeys.of(OTHER, TORRENT)));
    }

    /** Returns the end of a peer that has dialled a server of {@link #TORRENT}. */
    static RawEnd dialling(UnaryOperator<WireServer> server) {
        return dialling(server, options -> options);
    }

    static RawEnd dialling(UnaryOperator<WireServer> server, UnaryOperator<WireOptions.Builder> options) {
        RawEnd end = new RawEnd();
        end.await(
                server.apply(WireServer.create().options(end.options(options)).admit((theirs, from) -> Mono.just(SELF)))
                        .over(Connection.from(end.channel)));
        return end;
    }

    /** Returns the end of a peer that has dialled a server with other connections. */
    static RawEnd dialling(WireServer server) {
        RawEnd end = new RawEnd();
        end.await(server.over(Connection.from(end.channel)));
        return end;
    }

    /** Returns the end of a dialled peer. */
    static RawEnd dialledBy(EncryptionPolicy policy) {
        RawEnd end = new RawEnd();
        end.await(WireClient.create()
                .options(end.options(options -> options))
                .encryption(policy)
                .over(Connection.from(end.channel), SELF));
        return end;
    }

    private WireOptions options(UnaryOperator<WireOptions.Builder> options) {
        return options.apply(WireOptions.builder().scheduler(clock).encryptionScheduler(Schedulers.immediate()))
                .build();
    }

    private void await(Mono<Wire> opening) {
        opening.subscribe(opened -> wire = opened, error -> failure = error);
    }

    RawEnd send(byte[] bytes) {
        channel.writeInbound(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
        return this;
    }

    /** Returns the bytes since the last call. */
    byte[] take() {
        channel.runPendingTasks();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
        return all.toByteArray();
    }

    /** Returns the bytes since the last call, decrypted. */
    byte[] take(Outcome outcome) {
        byte[] bytes = take();
        outcome.decrypt().apply(Unpooled.wrappedBuffer(bytes));
        return bytes;
    }

    boolean isClosed() {
        channel.runPendingTasks();
        return !channel.isOpen();
    }

    RawEnd close() {
        if (wire != null) {
            wire.dispose();
        }
        channel.close();
        take();
        return this;
    }

    /** Completes an exchange with the wire. Discards the bytes after it. */
    Outcome exchange(Exchange ours) {
        Step step = ours.feed(Unpooled.EMPTY_BUFFER);
        while (step != Step.DONE) {
            if (step == Step.COMPUTE) {
                send(ours.work().get().get());
            }
            step = ours.feed(Unpooled.wrappedBuffer(take()));
        }
        send(ours.outcome().reply());
        return ours.outcome();
    }

    /** Sends all bytes of an initiator: the key of a torrent, and a handshake inside. */
    void dialFor(InfoHash key, InfoHash inside) {
        Initiator ours = initiator(key, handshake(inside), 0, EncryptionMethod.RC4);
        send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(take()));
        send(ours.work().get().get());
    }

    HandshakeException.Reason reason() {
        assertThat(wire).isNull();
        assertThat(failure).isInstanceOf(HandshakeException.class);
        return ((HandshakeException) failure).reason();
    }

    static byte[] handshake(InfoHash infoHash) {
        byte[] bytes = new byte[Handshake.LENGTH];
        new Handshake(Features.DEFAULT, infoHash, PEER_ID)
                .writeTo(Unpooled.wrappedBuffer(bytes).clear());
        return bytes;
    }

    private static Randomness pads(int length) {
        SecureRandom random = new SecureRandom();
        return new Randomness() {
            @Override
            public byte[] secret() {
                return random.generateSeed(20);
            }

            @Override
            public byte[] pad() {
                byte[] pad = new byte[length];
                Arrays.fill(pad, (byte) 0x13);
                return pad;
            }
        };
    }

    static Initiator initiator(InfoHash torrent, byte[] payload, int pads, EncryptionMethod... offered) {
        return new Initiator(torrent, List.of(offered), payload, pads(pads));
    }

    static byte[] encrypted(Outcome outcome, byte[] bytes) {
        byte[] copy = bytes.clone();
        outcome.encrypt().apply(Unpooled.wrappedBuffer(copy));
        return copy;
    }

    static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
