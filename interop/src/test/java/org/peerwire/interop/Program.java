/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running program, and the file with its output. */
final class Program implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the program. */
    static Program start(Path log, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            return new Program(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Returns the exit code of an ended program. */
    int exitCode() {
        return process.exitValue();
    }

    /** Returns the lines so far. The last one may be incomplete. */
    List<String> lines() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns every match in the lines, in order. */
    List<MatchResult> find(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return lines().stream().flatMap(line -> pattern.matcher(line).results()).toList();
    }

    /** Returns whether a line matches. */
    boolean says(String regex) {
        return !find(regex).isEmpty();
    }

    /** Stops the program, by force if it does not end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
