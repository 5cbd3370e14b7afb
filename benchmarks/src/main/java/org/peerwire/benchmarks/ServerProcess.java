/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** A {@link Server} in its own JVM, without other parts of the measurement. */
final class ServerProcess implements AutoCloseable {
    private static final long PAUSE_NANOS = 200_000_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;
    private final int port;

    /** Starts a server with this maximum heap, such as {@code 1g}, on the current JDK and class path. */
    ServerProcess(Server.Role role, String maxHeap) {
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + maxHeap,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Server.class.getName(),
                            role.name())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = new PrintStream(process.getOutputStream(), true, UTF_8);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            port = Integer.parseInt(line());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Returns the memory after garbage collections. */
    Memory memory() {
        in.println();
        return Memory.parse(line());
    }

    /** Returns the memory once the server has this number of wires. */
    Memory memoryWhen(LongPredicate wires) {
        for (long waited = 0; waited < PATIENCE_NANOS; waited += PAUSE_NANOS) {
            Memory memory = memory();
            if (wires.test(memory.wires())) {
                return memory;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("the server must reach the number of wires within a minute, was " + memory());
    }

    private String line() {
        try {
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException("the server ended with exit code " + process.waitFor());
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
