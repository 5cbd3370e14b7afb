/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Swarm;
import org.peerwire.test.Storm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** Attacks a seed with short connections, and measures an honest peer after that and the wires that are left. */
@Command(
        name = "storm",
        description =
                "Attacks a seed with handshakes that close at once, then with random connections; prints how fast an"
                        + " honest peer downloads directly after each, and the wires that the seed still holds three seconds"
                        + " later. Exit code 1: a target is missed.",
        mixinStandardHelpOptions = true)
final class StormRun implements Callable<Integer> {
    private static final int LENGTH = 8 * 1024 * 1024;
    private static final int PIECE_LENGTH = 256 * 1024;
    private static final Duration TARGET = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long CLEAN_NANOS = 3_000_000_000L;

    @Option(names = "--threads", description = "Hostile threads. Default: ${DEFAULT-VALUE}.", defaultValue = "64")
    private int threads;

    @Option(
            names = "--seconds",
            description = "How long the storm lasts. Default: ${DEFAULT-VALUE}.",
            defaultValue = "20")
    private double seconds;

    @Option(
            names = "--closers",
            description = "Handshakes that close at once. Default: ${DEFAULT-VALUE}.",
            defaultValue = "250")
    private int closers;

    @Option(names = "--max-peers", description = "Limit of the seed. Default: ${DEFAULT-VALUE}.", defaultValue = "200")
    private int maxPeers;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Path folder = Path.of("");
    private int downloads;
    private boolean missed;

    /** The wires of the seed: those it counts as open, and those on its heap. */
    private record Wires(long open, long heap) {}

    @Override
    public Integer call() throws IOException {
        folder = Files.createTempDirectory("storm");
        Path file = folder.resolve("storm.bin");
        byte[] bytes = new byte[LENGTH];
        new Random(1).nextBytes(bytes);
        Files.write(file, bytes);
        try (SeedProcess seed = new SeedProcess(file)) {
            Torrent torrent = torrent(file);
            Storm storm = Storm.against(seed.address, torrent.hashes().wire());
            download("of a cold seed", torrent, seed, PATIENCE);
            download("before", torrent, seed, TARGET);
            report(closers + " handshakes that close at once", storm.handshakeAndClose(closers));
            download("after them", torrent, seed, TARGET);
            wires(seed);
            report(
                    "a storm of " + threads + " threads for " + seconds + " s",
                    storm.rage(threads, Duration.ofMillis((long) (1000 * seconds))));
            download("after it", torrent, seed, TARGET);
            wires(seed);
        } finally {
            delete(file);
        }
        return missed ? 1 : 0;
    }

    static Torrent torrent(Path file) throws IOException {
        return Torrent.create(
                file, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
    }

    private void report(String what, Storm.Tally total) {
        out().printf(
                        "%s; so far %,d connections, %,d refused, %.1f MiB%n",
                        what, total.connections(), total.refused(), total.bytes() / (double) (1 << 20));
        out().flush();
    }

    private void download(String when, Torrent torrent, SeedProcess seed, Duration target) throws IOException {
        Path copy = folder.resolve("copy" + downloads++);
        long start = System.nanoTime();
        Swarm swarm = Swarm.of(torrent).peers(seed.address).connect();
        boolean done = swarm.download(FileStore.in(copy))
                .thenReturn(true)
                .timeout(PATIENCE, Mono.just(false))
                .onErrorReturn(false)
                .delayUntil(end -> swarm.close())
                .blockOptional()
                .orElse(false);
        double took = (System.nanoTime() - start) / 1e9;
        boolean met = done && took * 1000 < target.toMillis();
        missed |= !met;
        out().printf(
                        "an honest peer %s: %s; target %d s: %s%n",
                        when,
                        done ? String.format("8 MiB in %.2f s", took) : "kept out for " + PATIENCE.toSeconds() + " s",
                        target.toSeconds(),
                        met ? "met" : "MISSED");
        out().flush();
        delete(copy.resolve("storm.bin"));
    }

    private void wires(SeedProcess seed) {
        LockSupport.parkNanos(CLEAN_NANOS);
        Wires wires = seed.wires();
        boolean met = wires.open() == 0 && wires.heap() == 0;
        missed |= !met;
        out().printf(
                        "three seconds later, with nobody connected: %d open wires, %d on the heap; target 0: %s%n",
                        wires.open(), wires.heap(), met ? "met" : "MISSED");
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Deletes a file and the folder it is in. */
    private static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.toAbsolutePath().getParent());
    }

    /** A {@link StormSeed} in a JVM of its own. */
    private final class SeedProcess implements AutoCloseable {
        private final Process process;
        private final PrintStream in;
        private final BufferedReader out;
        private final InetSocketAddress address;

        SeedProcess(Path file) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StormSeed.class.getName(),
                            file.toString(),
                            "" + maxPeers)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(line()));
        }

        Wires wires() {
            in.println();
            try {
                String[] numbers = line().split(" ", -1);
                return new Wires(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException("the seed has ended");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
