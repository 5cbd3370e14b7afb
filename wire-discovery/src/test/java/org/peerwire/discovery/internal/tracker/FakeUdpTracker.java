/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A UDP tracker whose every answer the test writes. */
final class FakeUdpTracker implements AutoCloseable {
    static final String CONNECTION = "a1a2a3a4a5a6a7a8";

    private final DatagramSocket socket;
    private final BlockingQueue<Packet> packets = new LinkedBlockingQueue<>();

    /** A received packet in hexadecimal digits. */
    record Packet(String hex, SocketAddress from) {
        String connection() {
            return hex.substring(0, 16);
        }

        String action() {
            return hex.substring(16, 24);
        }

        String transaction() {
            return hex.substring(24, 32);
        }
    }

    FakeUdpTracker() throws IOException {
        this("127.0.0.1", 0);
    }

    FakeUdpTracker(String host, int port) throws IOException {
        socket = new DatagramSocket(port, InetAddress.getByName(host));
        Thread thread = new Thread(this::read, "udp-tracker");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        byte[] buffer = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                String hex = HexFormat.of().formatHex(Arrays.copyOf(buffer, packet.getLength()));
                packets.add(new Packet(hex, packet.getSocketAddress()));
            }
        } catch (SocketException closed) {
            // the test has ended
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    URI uri(String host) {
        return URI.create("udp://" + host + ":" + port() + "/announce");
    }

    /** Waits for the next packet. */
    Packet next() throws InterruptedException {
        return Objects.requireNonNull(packets.poll(20, TimeUnit.SECONDS), "no packet within 20 s");
    }

    boolean isQuiet() {
        return packets.isEmpty();
    }

    /** Waits for a connect and answers it. */
    Packet connected() throws Exception {
        Packet connect = next();
        answer(connect, "00000000" + connect.transaction() + CONNECTION);
        return connect;
    }

    void answer(Packet packet, String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        socket.send(new DatagramPacket(bytes, bytes.length, packet.from()));
    }

    /** Answers an announce with an interval of 1,800 s, 2 leechers, 1 seeder, and peers. */
    void answerAnnounce(Packet announce, String peers) throws IOException {
        answer(announce, "00000001" + announce.transaction() + "000007080000000200000001" + peers);
    }

    @Override
    public void close() {
        socket.close();
    }
}
