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

/** A port whose owner treats each who dials as the test says, and remembers what they said first. */
final class RefusingPeer implements AutoCloseable {

    /** What is done with the connection. */
    @FunctionalInterface
    interface Treatment {
        void treat(Socket socket) throws IOException;
    }

    private final ServerSocket port;
    private final List<byte[]> firsts = new CopyOnWriteArrayList<>();

    /** The treatments, one for each connection; whoever comes later is not accepted. */
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

    /** The first 20 bytes of each who has dialled. */
    List<byte[]> firsts() {
        return firsts;
    }

    /** Closes in order, after reading what there is. */
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
