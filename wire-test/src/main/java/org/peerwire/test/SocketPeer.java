/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * A peer over TCP that sends and expects messages as the test says. Use it for a complete program, or for a program
 * without Peerwire.
 *
 * <p>Every method blocks the thread of the test for at most {@link #patience}. The program under test needs its own
 * thread.
 *
 * <pre>{@code
 * SocketPeer peer = SocketPeer.listening(infoHash);
 * program.dial(peer.address());
 * peer.handshake(Features.NONE).send(new Message.Unchoke());
 * peer.expect(Message.Interested.class);
 * peer.dispose();
 * }</pre>
 */
public final class SocketPeer extends PeerScript<SocketPeer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final @Nullable ServerSocket listening;
    private final byte[] buffer = new byte[64 * 1024];
    private @Nullable Socket socket;
    private Duration patience = PATIENCE;
    private boolean closed;

    private SocketPeer(InfoHash infoHash, @Nullable ServerSocket listening, @Nullable Socket socket) {
        super(infoHash);
        this.listening = listening;
        this.socket = socket;
    }

    /**
     * Returns a peer that listens on a free port of the loopback interface, for one connection to {@link #address()}.
     */
    public static SocketPeer listening(InfoHash infoHash) {
        try {
            return new SocketPeer(infoHash, new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a peer that has dialled this address and has sent nothing. */
    public static SocketPeer dialling(InetSocketAddress address, InfoHash infoHash) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) PATIENCE.toMillis());
            return new SocketPeer(infoHash, null, socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sets the maximum wait of each method, at least 1 ms. Default: 5 s.
     *
     * @throws IllegalArgumentException if the time is below 1 ms
     */
    public SocketPeer patience(Duration patience) {
        if (patience.toMillis() < 1) {
            throw new IllegalArgumentException("patience must be at least 1 ms, was " + patience);
        }
        this.patience = patience;
        return this;
    }

    /** Returns the address of this peer. */
    public InetSocketAddress address() {
        return (InetSocketAddress)
                (listening != null ? listening.getLocalSocketAddress() : socket().getLocalSocketAddress());
    }

    @Override
    public SocketPeer send(ByteBuf bytes) {
        Socket to = socket();
        byte[] all = ByteBufUtil.getBytes(bytes);
        bytes.release();
        // a blocked write has no timeout; closing the socket ends it
        Disposable watchdog =
                Schedulers.parallel().schedule(() -> closeQuietly(to), patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            to.getOutputStream().write(all);
        } catch (IOException e) {
            throw new UncheckedIOException("the other side must read " + all.length + " bytes within " + patience, e);
        } finally {
            watchdog.dispose();
        }
        return this;
    }

    /** Sleeps for this time. */
    public SocketPeer delay(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("delay() was interrupted", e);
        }
        return this;
    }

    /**
     * Asserts that no message arrives within this time.
     *
     * @throws AssertionError if a message arrives, or has arrived since the last expectation
     */
    public SocketPeer expectNothing(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        expectNothing();
        for (long left = within.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            read(Duration.ofNanos(left));
            expectNothing();
        }
        return this;
    }

    @Override
    public SocketPeer halfClose() {
        try {
            socket().shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    @Override
    public SocketPeer close() {
        poll(); // unread bytes would turn the close into a reset
        closeQuietly(socket());
        closed = true;
        return this;
    }

    @Override
    public SocketPeer reset() {
        try {
            socket().setSoLinger(true, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        closeQuietly(socket());
        closed = true;
        return this;
    }

    @Override
    public boolean isClosed() {
        poll();
        return closed;
    }

    /** Closes the connection and the port. */
    @Override
    public void dispose() {
        closed = true;
        if (socket != null) {
            closeQuietly(socket);
        }
        if (listening != null) {
            closeQuietly(listening);
        }
    }

    @Override
    SocketPeer self() {
        return this;
    }

    @Override
    boolean await() {
        return read(patience);
    }

    @Override
    void poll() {
        boolean more = true;
        while (more) {
            more = read(Duration.ofMillis(1));
        }
    }

    private boolean read(Duration time) {
        if (closed) {
            return false;
        }
        try {
            Socket from = socket();
            from.setSoTimeout((int) Math.max(1, time.toMillis()));
            int length = from.getInputStream().read(buffer);
            closed = length < 0;
            if (!closed) {
                receive(Unpooled.wrappedBuffer(buffer, 0, length));
            }
            return !closed;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            closed = true;
            return false;
        }
    }

    private Socket socket() {
        if (socket == null && listening != null) {
            try {
                listening.setSoTimeout((int) patience.toMillis());
                socket = listening.accept();
                socket.setTcpNoDelay(true);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("a connection to " + address() + " must arrive within " + patience, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Objects.requireNonNull(socket, "the peer must be connected");
    }

    private static void closeQuietly(Closeable open) {
        try {
            open.close();
        } catch (IOException e) {
            // the socket is closed anyway
        }
    }
}
