/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** A hostile peer: a socket that never waits. What the server closes is dialled again at the next turn. */
final class Attacker {
    private static final int SOURCES = 8;
    private static final int SMALL = 4096;

    private final Attack attack;
    private final int number;
    private final InetSocketAddress server;
    private final ByteBuffer chunk;
    private final ByteBuf in = Unpooled.buffer();
    private final ByteBuf out = Unpooled.buffer();
    private @Nullable SocketChannel channel;
    private int turns;
    private boolean greeted;
    private long dialled;
    private long written;

    /** @param chunk to read into, shared by the attackers of a thread */
    Attacker(Attack attack, int number, int port, ByteBuffer chunk) {
        this.attack = attack;
        this.number = number;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.chunk = chunk;
    }

    Attack attack() {
        return attack;
    }

    /** How often it has connected. */
    long dialled() {
        return dialled;
    }

    /** Bytes the server has been sent. */
    long written() {
        return written;
    }

    /** Its turn: reads what has come, if it is one that reads, and goes on with its attack. */
    void turn() {
        try {
            SocketChannel open = channel == null ? dial() : channel;
            if (attack.reads(number)) {
                read(open);
            }
            if (!out.isReadable()) {
                attack.turn(number, turns++, out.clear());
            }
            write(open);
        } catch (IOException closedByTheServer) {
            close();
        }
    }

    private SocketChannel dial() throws IOException {
        SocketChannel dialling = SocketChannel.open();
        channel = dialling;
        if (!attack.reads(number)) {
            dialling.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        }
        byte[] source = {127, 0, 0, (byte) (10 + number % SOURCES)};
        dialling.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
        dialling.connect(server);
        dialling.configureBlocking(false);
        dialled++;
        turns = 0;
        greeted = false;
        in.clear();
        attack.begin(number, out.clear());
        return dialling;
    }

    private void read(SocketChannel open) throws IOException {
        int count;
        while ((count = open.read(chunk.clear())) > 0) {
            in.writeBytes(chunk.flip());
            parse();
        }
        if (count < 0) {
            throw new IOException("end of the stream");
        }
    }

    private void parse() {
        if (!greeted && in.readableBytes() >= Handshake.LENGTH) {
            in.skipBytes(Handshake.LENGTH);
            greeted = true;
        }
        Message message;
        while (greeted && (message = MessageCodec.decode(in)) != null) {
            attack.answer(number, message, out);
        }
        in.discardReadBytes();
    }

    private void write(SocketChannel open) throws IOException {
        while (out.isReadable()) {
            int taken = out.readBytes(open, out.readableBytes());
            written += taken;
            if (taken == 0) {
                return;
            }
        }
    }

    void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException gone) {
            // that is what was wanted
        }
        channel = null;
        out.clear();
    }
}
