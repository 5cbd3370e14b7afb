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

/** A hostile peer: a socket that never blocks. A connection that the server closes is opened again at the next turn. */
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

    /**
     * Creates an attacker that is not connected.
     *
     * @param chunk a buffer for reads, shared by the attackers of one thread
     */
    Attacker(Attack attack, int number, int port, ByteBuffer chunk) {
        this.attack = attack;
        this.number = number;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.chunk = chunk;
    }

    Attack attack() {
        return attack;
    }

    /** Returns the number of connections so far. */
    long dialled() {
        return dialled;
    }

    /** Returns the number of bytes sent to the server. */
    long written() {
        return written;
    }

    /** Takes one turn: reads the available bytes if the attack reads, and continues the attack. */
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
            throw new IOException("the server has closed the connection");
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
            // the socket is closed anyway
        }
        channel = null;
        out.clear();
    }
}
