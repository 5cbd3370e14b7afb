/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.PeerId;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A measurement of the memory of an open wire without traffic. */
@Command(
        name = "idle",
        description =
                "Opens idle wires to a server in its own JVM, and prints the memory per wire. Exit code 1: the target is missed.",
        mixinStandardHelpOptions = true)
final class IdleWires implements Callable<Integer> {
    private static final long TARGET = 16 * 1024;
    private static final int WARM_UP = 500;
    private static final int SOURCES = 8;
    private static final int SPARE_FILES = 200;
    private static final int TIMEOUT_MILLIS = 10_000;

    @Option(names = "--wires", description = "How many. Default: ${DEFAULT-VALUE}.", defaultValue = "10000")
    private int wires;

    @Option(
            names = "--role",
            description = "Work of the server on a wire: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "SERVING")
    private Server.Role role = Server.Role.SERVING;

    @Option(
            names = "--heap",
            description = "Maximum heap of the server. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1g")
    private String heap = "1g";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Socket> peers = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        if (files < wires + SPARE_FILES) {
            spec.commandLine()
                    .getErr()
                    .println("the limit of open files is " + files + ", needed are " + (wires + SPARE_FILES)
                            + ": raise it with ulimit -Hn");
            return 1;
        }
        try (ServerProcess server = new ServerProcess(role, heap)) {
            open(server, Math.min(WARM_UP, wires));
            closeAll();
            Memory before = server.memoryWhen(count -> count == 0);
            long start = System.nanoTime();
            open(server, wires);
            Memory after = server.memoryWhen(count -> count == wires);
            print(before, after, (System.nanoTime() - start) / 1_000_000);
            return isMet(before, after) ? 0 : 1;
        } finally {
            closeAll();
        }
    }

    private boolean isMet(Memory before, Memory after) {
        return after.total() - before.total() < TARGET * wires;
    }

    private void print(Memory before, Memory after, long millis) {
        out().printf("%d wires, role %s, open after %.1f s%n", wires, role, millis / 1000.0);
        out().println("  one wire is one TCP connection of the server: handshakes, bitfield and interest are done");
        out().println("  heap per wire    " + each(before.heap(), after.heap()));
        out().println("  direct per wire  " + each(before.direct(), after.direct()));
        out().println("  together         " + each(before.total(), after.total()) + ", target " + Memory.kib(TARGET)
                + ": " + (isMet(before, after) ? "met" : "MISSED"));
        out().println("  resident         " + each(before.rss(), after.rss()) + " (depends on the size of the heap)");
        out().println("  server before    " + before);
        out().println("  server after     " + after);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private String each(long before, long after) {
        return Memory.kib((after - before) / (double) wires);
    }

    // ---- the other side of the wires ----

    private void open(ServerProcess server, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            peers.add(socket);
            socket.bind(new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + i % SOURCES)}), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(hello(i));
            if (socket.getInputStream().readNBytes(Handshake.LENGTH).length < Handshake.LENGTH) {
                throw new IOException("the server must keep idle wires open, has closed wire " + i);
            }
        }
    }

    /** Returns the first bytes of a leech with half of the pieces, peer exchange and metadata exchange. */
    private static byte[] hello(int number) {
        ByteBuf out = Unpooled.buffer();
        new Handshake(Features.DEFAULT, Server.SERVED, PeerId.parse("-ID0001-abcdefghijkl")).writeTo(out);
        ExtendedHandshake extended = ExtendedHandshake.builder()
                .client("idle 1.0")
                .extension("ut_pex", 1)
                .extension("ut_metadata", 2)
                .requestQueue(500)
                .listenPort(1025 + number)
                .build();
        MessageCodec.encode(
                new Message.Extended(
                        0, Unpooled.wrappedBuffer(extended.dictionary().encoded())),
                out);
        int[] half = IntStream.range(0, Server.SHAPE.pieceCount() / 2).toArray();
        MessageCodec.encode(new Message.Bitfield(PieceSet.of(Server.SHAPE.pieceCount(), half)), out);
        MessageCodec.encode(new Message.Interested(), out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private void closeAll() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        peers.clear();
    }
}
