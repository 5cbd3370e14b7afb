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

/** A child process, with its lines, its input and its end. Its standard error goes to a log. */
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

    /** Starts a process that is killed after a time limit. */
    static Child start(List<String> command, Path log, Duration patience) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        CompletableFuture.delayedExecutor(patience.toSeconds(), TimeUnit.SECONDS)
                .execute(process::destroyForcibly);
        return new Child(process, command, log);
    }

    /** Starts a process that waits for {@link #go}, so that others can learn its id before. */
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

    /** Returns the next line. */
    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw failure();
        }
        return line;
    }

    /** Returns the rest of the next line that starts with this word. */
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

    /** Waits for the end of the process, which must have the exit code 0. */
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

    /** Stops the process, by force if it does not end. */
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
