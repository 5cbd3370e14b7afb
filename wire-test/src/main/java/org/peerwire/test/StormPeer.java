/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;

/** One thread of a {@link Storm}: the bytes of its connections and their ends. */
final class StormPeer {
    private static final int MOST_FRAMES = 20;
    private static final int MOST_REQUESTS = 100;
    private static final int MOST_NOISE = 300;
    private static final int PIECES = 64;
    private static final int WAIT_MILLIS = 20;
    private static final byte[] EXTENDED =
            "d1:md6:ut_pexi1e11:ut_metadatai2e12:ut_holepunchi3ee1:pi6881ee".getBytes(US_ASCII);
    private static final List<Message> SHORT = List.of(
            new Message.KeepAlive(),
            new Message.Choke(),
            new Message.Unchoke(),
            new Message.Interested(),
            new Message.NotInterested(),
            new Message.HaveAll(),
            new Message.HaveNone());

    private final InfoHash infoHash;
    private final Random random;
    private final byte[] scratch = new byte[16 * 1024];

    StormPeer(InfoHash infoHash, Random random) {
        this.infoHash = infoHash;
        this.random = random;
    }

    /** Plays one connection to its end and returns the number of bytes sent. */
    long play(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(WAIT_MILLIS);
        byte[] all = speech();
        int length = random.nextBoolean() ? all.length : random.nextInt(all.length + 1);
        int first = random.nextInt(length + 1);
        socket.getOutputStream().write(all, 0, first);
        if (random.nextInt(4) == 0) {
            read(socket);
        }
        socket.getOutputStream().write(all, first, length - first);
        end(socket);
        return length;
    }

    private byte[] speech() {
        ByteBuf all = Unpooled.buffer();
        switch (random.nextInt(8)) {
            case 0 -> noise(random.nextInt(MOST_NOISE), all);
            case 1 -> {
                byte[] other = new byte[20];
                random.nextBytes(other);
                all.writeBytes(handshake(new Handshake(Features.DEFAULT, InfoHash.of(other), id())));
            }
            case 2 -> all.writeBytes(handshake(new Handshake(new Features(random.nextLong()), infoHash, id())));
            default -> all.writeBytes(handshake(new Handshake(Features.DEFAULT, infoHash, id())));
        }
        for (int frames = random.nextInt(MOST_FRAMES); frames > 0; frames--) {
            frame(all);
        }
        return ByteBufUtil.getBytes(all);
    }

    private PeerId id() {
        byte[] id = new byte[20];
        random.nextBytes(id);
        return PeerId.of(id);
    }

    static byte[] handshake(Handshake handshake) {
        ByteBuf bytes = Unpooled.buffer(Handshake.LENGTH);
        handshake.writeTo(bytes);
        return ByteBufUtil.getBytes(bytes);
    }

    private void frame(ByteBuf out) {
        switch (random.nextInt(9)) {
            case 0, 1 -> MessageCodec.encode(SHORT.get(random.nextInt(SHORT.size())), out);
            case 2 -> MessageCodec.encode(new Message.Have(random.nextInt(PIECES)), out);
            case 3 -> MessageCodec.encode(new Message.Bitfield(PieceSet.of(PIECES, random.nextInt(PIECES))), out);
            case 4 -> requests(out);
            case 5 -> MessageCodec.encode(new Message.Extended(0, Unpooled.wrappedBuffer(EXTENDED)), out);
            case 6 -> {
                ByteBuf payload = Unpooled.buffer();
                noise(random.nextInt(MOST_NOISE), payload);
                MessageCodec.encode(new Message.Extended(1 + random.nextInt(5), payload), out);
            }
            case 7 ->
                MessageCodec.encode(
                        new Message.Piece(random.nextInt(PIECES), 0, Unpooled.wrappedBuffer(scratch, 0, MOST_NOISE)),
                        out);
            default -> {
                out.writeInt(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(MOST_NOISE));
                noise(random.nextInt(MOST_NOISE), out);
            }
        }
    }

    private void requests(ByteBuf out) {
        for (int count = random.nextInt(MOST_REQUESTS); count > 0; count--) {
            MessageCodec.encode(
                    new Message.Request(new BlockRequest(random.nextInt(PIECES), 0, BlockRequest.BLOCK_LENGTH)), out);
        }
    }

    private void noise(int length, ByteBuf out) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        out.writeBytes(bytes);
    }

    /** Prepares a random end of the connection: in order or by reset. The caller closes the socket. */
    private void end(Socket socket) throws IOException {
        switch (random.nextInt(5)) {
            case 0 -> socket.setSoLinger(true, 0);
            case 1 -> {
                socket.shutdownOutput();
                read(socket);
            }
            case 2 -> read(socket);
            default -> {} // closes at once
        }
    }

    /** Reads for a moment. */
    private void read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        long end = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
        try {
            while (System.nanoTime() - end < 0 && in.read(scratch) > 0) {
                // the answers are of no interest
            }
        } catch (SocketTimeoutException e) {
            // there are none
        }
    }
}
