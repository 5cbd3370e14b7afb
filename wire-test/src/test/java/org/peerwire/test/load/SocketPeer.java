/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** A peer that is nothing but a socket, which a wire dials: it reads only its handshake, and ends as the test says. */
final class SocketPeer implements AutoCloseable {
    private final ServerSocket server;
    private Socket socket = new Socket();

    SocketPeer() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SocketAddress address() {
        return server.getLocalSocketAddress();
    }

    /** Takes the connection and the handshake, and answers it. */
    void accept(LocalPeer self, Features features) {
        try {
            socket = server.accept();
            socket.setTcpNoDelay(true);
            socket.getInputStream().readNBytes(Handshake.LENGTH);
            ByteBuf answer = Unpooled.buffer();
            new Handshake(features, self.infoHash(), PeerId.parse("-SP0001-abcdefghijkl")).writeTo(answer);
            send(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(Message... messages) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : messages) {
            MessageCodec.encode(message, bytes);
        }
        send(bytes);
    }

    void send(ByteBuf bytes) {
        try {
            bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes at once, which the other side sees as a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
