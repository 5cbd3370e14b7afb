/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.peerwire.Handshake;
import org.peerwire.PayloadMode;
import org.peerwire.TorrentShape;
import org.peerwire.WireOptions;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.GoldenMessages;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** A decoder on buffers that are counted, and what has come out of it: the handshake first, as hexadecimal digits. */
final class DecoderProbe implements PeerWireDecoder.HandshakeListener, PeerWireDecoder.MessageListener {
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final List<String> seen = new ArrayList<>();
    private final List<Message.Piece> kept = new ArrayList<>();
    private final Map<Integer, Runnable> tasks = new TreeMap<>();
    private final KnownTorrent torrent;
    private final FrameLimits limits;
    private final PeerWireDecoder decoder;
    private Runnable onEach = () -> {};
    private boolean keepBlocks;

    private DecoderProbe(WireOptions options) {
        this.torrent = new KnownTorrent(options.limits().maxPieces());
        this.limits = new FrameLimits(options.limits(), torrent);
        this.decoder = new PeerWireDecoder(alloc, options, limits);
        decoder.deliverHandshakeTo(this);
        decoder.deliverMessagesTo(this);
    }

    static DecoderProbe with(PayloadMode mode) {
        return with(options -> options.payloadMode(mode));
    }

    static DecoderProbe with(UnaryOperator<WireOptions.Builder> options) {
        return new DecoderProbe(options.apply(WireOptions.builder()).build());
    }

    /** One whose peer has sent its handshake. */
    static DecoderProbe withHandshake(PayloadMode mode) {
        return withHandshake(options -> options.payloadMode(mode));
    }

    static DecoderProbe withHandshake(UnaryOperator<WireOptions.Builder> options) {
        DecoderProbe probe = with(options);
        probe.feed(bytes(GoldenMessages.HANDSHAKE));
        return probe;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    PeerWireDecoder decoder() {
        return decoder;
    }

    void knowPieces(int pieces) {
        torrent.learn(TorrentShape.of(pieces * 16_384L, 16_384));
    }

    FrameLimits limits() {
        return limits;
    }

    /** Returns the decoded messages, encoded again. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    List<Message.Piece> kept() {
        return kept;
    }

    /** Runs the task when this many have been seen, the handshake counted. */
    void at(int count, Runnable task) {
        tasks.put(count, task);
    }

    void pauseAt(int count) {
        at(count, decoder::pause);
    }

    void pauseAtEach() {
        onEach = decoder::pause;
    }

    void onEach(Runnable task) {
        onEach = task;
    }

    void keepBlocks() {
        keepBlocks = true;
    }

    void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    /** One read, from a buffer that the reader releases afterwards as a socket's reader does. */
    void feed(byte[] bytes, int start, int length) {
        ByteBuf in = alloc.heapBuffer(Math.max(1, length)).writeBytes(bytes, start, length);
        try {
            decoder.feed(in);
        } finally {
            in.release();
        }
    }

    long heldBytes() {
        return alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
    }

    void closeWithoutLeak() {
        decoder.close();
        assertThat(heldBytes()).as("bytes not released").isZero();
    }

    @Override
    public void onHandshake(Handshake handshake) {
        ByteBuf out = Unpooled.buffer();
        handshake.writeTo(out);
        saw(ByteBufUtil.hexDump(out));
    }

    @Override
    public void onMessage(Message message) {
        ByteBuf out = Unpooled.buffer();
        MessageCodec.encode(message, out);
        if (keepBlocks && message instanceof Message.Piece piece) {
            kept.add(piece);
        } else {
            ReferenceCountUtil.release(message);
        }
        saw(ByteBufUtil.hexDump(out));
    }

    private void saw(String hex) {
        seen.add(hex);
        onEach.run();
        Runnable task = tasks.remove(seen.size());
        if (task != null) {
            task.run();
        }
    }
}
