/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port that answers each connection as the test says, and records its first bytes. */
final class RefusingPeer implements AutoCloseable {

    /** The answer to one connection. */
    @FunctionalInterface
    interface Treatment {
        void treat(Socket socket) throws IOException;
    }

    private final ServerSocket port;
    private final List<byte[]> firsts = new CopyOnWriteArrayList<>();

    /** Creates a port with one treatment for each connection. Later connections are not accepted. */
    RefusingPeer(Treatment... treatments) {
        try {
            port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(() -> accept(treatments), "refusing-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Treatment... treatments) {
        try {
            for (Treatment treatment : treatments) {
                try (Socket socket = port.accept()) {
                    socket.setSoTimeout(10_000);
                    firsts.add(socket.getInputStream().readNBytes(20));
                    treatment.treat(socket);
                }
            }
            port.close();
        } catch (IOException e) {
            // the test has ended
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) port.getLocalSocketAddress();
    }

    /** Returns the first 20 bytes of each connection. */
    List<byte[]> firsts() {
        return firsts;
    }

    /** Closes in order, after reading all available bytes. */
    static void close(Socket socket) throws IOException {
        socket.shutdownOutput();
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    static Treatment says(byte[] bytes) {
        return socket -> {
            socket.getOutputStream().write(bytes);
            close(socket);
        };
    }

    @Override
    public void close() {
        try {
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
