/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process we have started: its lines, its input, its end. Its standard error goes to a log. */
final class Child implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;

    private final Process process;
    private final List<String> command;
    private final Path log;
    private final BufferedReader out;
    private final Writer in;

    private Child(Process process, List<String> command, Path log) {
        this.process = process;
        this.command = command;
        this.log = log;
        this.out = process.inputReader();
        this.in = process.outputWriter();
    }

    /** Starts a process that is killed when it is still there after so long. */
    static Child start(List<String> command, Path log, Duration patience) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        CompletableFuture.delayedExecutor(patience.toSeconds(), TimeUnit.SECONDS)
                .execute(process::destroyForcibly);
        return new Child(process, command, log);
    }

    /** Starts one that waits for {@link #go} before it does anything, so that others may know its number first. */
    static Child startWaiting(List<String> command, Path log, Duration patience) throws IOException {
        List<String> waiting = new ArrayList<>(List.of("/bin/sh", "-c", "read go; exec \"$@\"", "sh"));
        waiting.addAll(command);
        return start(waiting, log, patience);
    }

    void go() throws IOException {
        send("go");
    }

    long pid() {
        return process.pid();
    }

    /** Its next line. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw failure();
        }
        return line;
    }

    /** What stands behind this word in the next line that begins with it. */
    String line(String word) throws IOException {
        for (; ; ) {
            String line = line();
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
    }

    void send(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    /** Waits for its end, which has to be a good one. */
    void await() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw failure();
        }
    }

    private IOException failure() throws IOException {
        String said = Files.exists(log) ? Files.readString(log) : "";
        String last = said.substring(Math.max(0, said.length() - 2000)).trim();
        return new IOException(command + " has failed: " + last);
    }

    /** Ends it: gently, then not. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly();
        process.onExit().join();
        out.close();
    }
}
