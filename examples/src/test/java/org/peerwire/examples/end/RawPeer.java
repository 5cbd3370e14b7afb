/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.PeerId;
import org.peerwire.examples.end.Dimensions.Ending;
import org.peerwire.examples.end.Dimensions.Secrecy;

/** The peer of one trial: a blocking socket that sends bytes up to the cut and ends the connection in one way. */
final class RawPeer {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long PAD_NANOS = 500_000_000;
    /** See {@link Subject}. */
    private static final int SMALL = 16 * 1024;

    private final Cell cell;
    private final byte[] handshake = new byte[Handshake.LENGTH];
    private final byte[] scratch = new byte[16 * 1024];
    private @Nullable ServerSocket listening;
    private Socket socket = new Socket();
    private @Nullable KeyExchange keys;
    private long sent;

    RawPeer(Cell cell) {
        this.cell = cell;
        new Handshake(Features.DEFAULT, Attachments.TORRENT, PeerId.random("-SP0001-"))
                .writeTo(Unpooled.wrappedBuffer(handshake).clear());
    }

    InetSocketAddress listen() throws IOException {
        ServerSocket port = new ServerSocket();
        listening = port;
        if (cell.reading() == Dimensions.Reading.CROWDED) {
            port.setReceiveBufferSize(SMALL);
        }
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        port.setSoTimeout(PATIENCE_MILLIS);
        return (InetSocketAddress) port.getLocalSocketAddress();
    }

    /** Accepts the connection of the wire that dials. */
    void accept() throws IOException {
        ServerSocket port = listening;
        if (port == null) {
            throw new IllegalStateException("not listening");
        }
        socket = port.accept();
        begin();
        port.close();
    }

    /** Connects to the wire that accepts. */
    void dial(InetSocketAddress address) throws IOException {
        if (cell.reading() == Dimensions.Reading.CROWDED) {
            socket.setReceiveBufferSize(SMALL);
        }
        socket.connect(address, PATIENCE_MILLIS);
        begin();
    }

    private void begin() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Returns the number of bytes sent. */
    long sent() {
        return sent;
    }

    /** Sends the opening up to this length, and reads the wire's opening as far as this needs it. */
    void open(int length) throws IOException {
        boolean dialled = cell.side() == Dimensions.Side.DIAL;
        if (cell.secrecy() == Secrecy.PLAIN) {
            if (dialled && cell.ending() != Ending.UNREAD) {
                read(Handshake.LENGTH);
            }
            write(handshake, length);
        } else if (dialled) {
            respond(length);
        } else {
            initiate(length);
        }
    }

    private void initiate(int length) throws IOException {
        write(KeyExchange.publicKey(), length);
        if (length > KeyExchange.KEY_LENGTH) {
            KeyExchange agreed = new KeyExchange(read(KeyExchange.KEY_LENGTH), Attachments.TORRENT, true);
            keys = agreed;
            write(agreed.initiation(handshake), length - KeyExchange.KEY_LENGTH);
        }
    }

    private void respond(int length) throws IOException {
        if (length <= KeyExchange.KEY_LENGTH && cell.ending() == Ending.UNREAD) {
            write(KeyExchange.publicKey(), length);
            return;
        }
        KeyExchange agreed = new KeyExchange(read(KeyExchange.KEY_LENGTH), Attachments.TORRENT, false);
        keys = agreed;
        write(KeyExchange.publicKey(), length);
        if (length > KeyExchange.KEY_LENGTH) {
            skipPast(agreed.mark());
            if (cell.ending() != Ending.UNREAD) {
                readInitiation(agreed);
            }
            write(agreed.response(handshake), length - KeyExchange.KEY_LENGTH);
        }
    }

    /** Reads the hidden key, a head with the length of a pad, the pad, and the handshake with its length. */
    private void readInitiation(KeyExchange agreed) throws IOException {
        read(20);
        byte[] head = agreed.decrypt(read(14));
        int pad = ByteBuffer.wrap(head).getShort(12);
        read(pad + 2 + Handshake.LENGTH);
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the wire has closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Reads byte by byte, so that the rest stays unread. */
    private void skipPast(byte[] mark) throws IOException {
        byte[] window = new byte[mark.length];
        InputStream in = socket.getInputStream();
        while (!Arrays.equals(window, mark)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the wire has closed before its mark");
            }
            System.arraycopy(window, 1, window, 0, window.length - 1);
            window[window.length - 1] = (byte) next;
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        int count = Math.min(bytes.length, length);
        sent += count;
        socket.getOutputStream().write(bytes, 0, count);
    }

    /** Sends bytes after the opening. */
    void say(byte[] bytes) throws IOException {
        KeyExchange agreed = keys;
        sent += bytes.length;
        socket.getOutputStream().write(agreed == null ? bytes : agreed.encrypt(bytes));
    }

    /** Reads and discards the bytes that are there. */
    void drain() {
        try {
            InputStream in = socket.getInputStream();
            while (in.available() > 0 && in.read(scratch) > 0) {
                // the wire's answers are of no interest
            }
        } catch (IOException e) {
            // the wire has closed
        }
    }

    void end() throws IOException {
        switch (cell.ending()) {
            case FIN -> {
                drain();
                socket.close();
            }
            case RST -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case HALF_CLOSE -> socket.shutdownOutput();
            case UNREAD -> {
                InputStream in = socket.getInputStream();
                if (cell.secrecy() == Secrecy.PLAIN) {
                    await("unread data", () -> available(in) > 0);
                } else { // the pad of the wire is empty once in 512 times; this is an ordinary close then
                    Waiting.until(System.nanoTime() + PAD_NANOS, () -> available(in) > 0);
                }
                socket.close();
            }
        }
    }

    private static int available(InputStream in) {
        try {
            return in.available();
        } catch (IOException e) {
            return 0;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        Waiting.until(System.nanoTime() + PATIENCE_MILLIS * 1_000_000L, condition, () -> what);
    }

    void close() {
        try {
            socket.close();
            if (listening != null) {
                listening.close();
            }
        } catch (IOException e) {
            // closed is closed
        }
    }
}
