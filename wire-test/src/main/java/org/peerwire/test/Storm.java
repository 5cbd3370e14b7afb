/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/**
 * Hostile connections to a port of this machine, for a whole program under test. Many threads connect again and again,
 * send random handshakes and frames, cut them anywhere, and close, half-close or reset. After that the program must
 * accept an honest peer and must keep nothing of the connections; see {@link WiresOnHeap}.
 *
 * <pre>{@code
 * Storm storm = Storm.against(address, infoHash);
 * storm.rage(64, Duration.ofSeconds(3));
 * }</pre>
 */
public final class Storm {
    private static final int CONNECT_MILLIS = 2_000;

    /** Several addresses of their own, because one has too few ports for thousands of connections a second. */
    private static final int SOURCES = 8;

    private final InetSocketAddress address;
    private final InfoHash infoHash;
    private final LongAdder connections = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    private Storm(InetSocketAddress address, InfoHash infoHash) {
        this.address = address;
        this.infoHash = infoHash;
    }

    /**
     * The connections so far.
     *
     * @param connections connections made
     * @param refused connections that were refused or not accepted in time
     * @param bytes bytes sent
     */
    public record Tally(long connections, long refused, long bytes) {}

    /**
     * Creates a storm that has not begun.
     *
     * @param address an address of the loopback interface on which the program accepts peers
     * @param infoHash a torrent that the program admits
     */
    public static Storm against(InetSocketAddress address, InfoHash infoHash) {
        return new Storm(address, infoHash);
    }

    /**
     * Runs the storm, and returns when all its connections are closed. Each thread has random numbers of its own, which
     * are the same in every run.
     */
    public Tally rage(int threads, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            Random random = new Random(i);
            all[i] = new Thread(() -> rage(random, end), "storm-" + i);
            all[i].start();
        }
        for (Thread thread : all) {
            join(thread);
        }
        return tally();
    }

    /** Makes connections one after another, each of which sends a valid handshake and closes at once. */
    public Tally handshakeAndClose(int count) {
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            byte[] handshake = StormPeer.handshake(new Handshake(Features.DEFAULT, infoHash, PeerId.random()));
            connect(random, socket -> {
                socket.getOutputStream().write(handshake);
                bytes.add(handshake.length);
            });
        }
        return tally();
    }

    private Tally tally() {
        return new Tally(connections.sum(), refused.sum(), bytes.sum());
    }

    private void rage(Random random, long end) {
        StormPeer peer = new StormPeer(infoHash, random);
        while (System.nanoTime() - end < 0) {
            connect(random, socket -> bytes.add(peer.play(socket)));
        }
    }

    @FunctionalInterface
    private interface Play {
        void on(Socket socket) throws IOException;
    }

    private void connect(Random random, Play play) {
        try (Socket socket = new Socket()) {
            try {
                socket.bind(new InetSocketAddress(source(random), 0));
                socket.connect(address, CONNECT_MILLIS);
            } catch (IOException e) {
                refused.increment();
                return;
            }
            connections.increment();
            play.on(socket);
        } catch (IOException e) {
            // the program has closed the connection, as it may
        }
    }

    private InetAddress source(Random random) {
        byte[] to = address.getAddress().getAddress();
        try {
            return to.length == 4
                    ? InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (10 + random.nextInt(SOURCES))})
                    : address.getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
