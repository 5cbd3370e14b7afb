/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * The resources of one test: its folder, its network, its programs, and one deadline for all waits. Stops the programs
 * and keeps their logs. Prints the ends of the logs after a failure.
 */
final class Scene implements BeforeEachCallback, AfterEachCallback {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int LINES_SHOWN = 15;

    private final Deque<Program> programs = new ArrayDeque<>();
    private final List<String> figures = new ArrayList<>();
    private Network network = Network.LOOPBACK;
    private Path folder = Path.of("");
    private long began;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        String name = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName()
                + context.getDisplayName().replaceAll("\\(.*?\\)|[^\\w]", "");
        folder = Path.of("target", "scenes", name).toAbsolutePath();
        delete(folder);
        Files.createDirectories(folder);
        began = System.nanoTime();
    }

    // ---- for the test ----

    /** Runs later programs in a namespace, with addresses that every client accepts. */
    void useNamespace() {
        Assumptions.assumeTrue(Clients.canMakeNamespaces(), "this system must allow network namespaces");
        Program holder = start("namespace", Network.NAMESPACE);
        await("the namespace is ready", () -> holder.says("^ready"));
        network = Network.namespaceOf(holder);
    }

    /** Skips the test without a client, and gives Transmission a network, because it does not dial loopback addresses. */
    void prepareFor(RealClient.Kind kind) {
        Clients.require(kind);
        if (kind == RealClient.Kind.TRANSMISSION) {
            useNamespace();
        }
    }

    /** Runs later programs on the first of two machines with a cable between them. Returns the second one. */
    Network useTwoMachines() {
        Assumptions.assumeTrue(Clients.canMakeNamespaces(), "this system must allow network namespaces");
        Program holder = start("machines", Network.TWO_NAMESPACES);
        await("the machines are ready", () -> holder.says("^ready \\d+$"));
        network = Network.namespaceOf(holder);
        return Network.namespaceOf(
                Long.parseLong(holder.find("^ready (\\d+)$").get(0).group(1)));
    }

    /** Runs later programs on another machine. */
    void use(Network other) {
        network = other;
    }

    /** Returns the address with this number in the network of the test. */
    String ip(int number) {
        return network.ip(number);
    }

    /** Creates an empty folder with this name. */
    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a program in the network of the test. It ends with the test. */
    Program start(String name, List<String> command) {
        Program program = Program.start(folder.resolve(name + ".log"), inNetwork(command));
        programs.push(program);
        return program;
    }

    /** Runs a program to its end. Returns its output, or null if it failed. */
    @Nullable
    String output(String name, List<String> command) {
        try (Program program = Program.start(folder.resolve(name + ".log"), inNetwork(command))) {
            await(name + " ends", () -> !program.isRunning());
            return program.exitCode() == 0 ? Files.readString(program.log()) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> inNetwork(List<String> command) {
        return Stream.concat(network.entry().stream(), command.stream()).toList();
    }

    /** Waits for a condition, at most until the deadline of the test. */
    void await(String what, BooleanSupplier isSo) {
        while (!isSo.getAsBoolean()) {
            if (left().isNegative()) {
                throw new AssertionError(what + " must happen within " + LIMIT.toSeconds() + " s");
            }
            pass(PAUSE); // the output of programs can only be polled
        }
    }

    /** Gives a client time for an optional action. */
    void pass(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns the time until the deadline. */
    Duration left() {
        return LIMIT.minusNanos(System.nanoTime() - began);
    }

    /** Adds an observation to the report. */
    void figure(String figure) {
        figures.add(figure);
    }

    // ---- the end ----

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        double seconds = (System.nanoTime() - began) / 1e9;
        Throwable failure = context.getExecutionException().orElse(null);
        boolean isSkipped = failure instanceof TestAbortedException;
        if (failure != null && !isSkipped) {
            printLogs();
        }
        programs.forEach(Program::close);
        if (failure == null) {
            deleteFolders();
        }
        String name = context.getRequiredTestMethod().getName();
        if (!context.getDisplayName().startsWith(name)) {
            name += ", " + context.getDisplayName();
        }
        String result = failure == null
                ? String.join("; ", figures)
                : (isSkipped ? "SKIPPED: " : "FAILED: ") + failure.getMessage();
        Report.of(context).add(name, seconds, result);
    }

    private void printLogs() throws IOException {
        try (Stream<Path> logs = Files.list(folder)) {
            for (Path log : logs.filter(Scene::isLog).sorted().toList()) {
                List<String> lines = Files.readAllLines(log);
                System.out.println("---- the end of " + log);
                lines.stream().skip(Math.max(0, lines.size() - LINES_SHOWN)).forEach(System.out::println);
            }
        }
    }

    /** Deletes the folders, but keeps the logs. */
    private void deleteFolders() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.filter(Files::isDirectory).toList()) {
                delete(path);
            }
        }
    }

    private static boolean isLog(Path path) {
        return path.toString().endsWith(".log");
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each :
                        all.sorted((one, other) -> other.compareTo(one)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
