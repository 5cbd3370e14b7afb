/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** How much is measured, and where things are. */
final class Settings {
    /** Bytes of a piece in every torrent here. */
    static final int PIECE_LENGTH = 1024 * 1024;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds over all peers (default: ${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(
            names = "--gib",
            paramLabel = "N",
            description = "GiB in a sample; the slower peers get half of it (default: ${DEFAULT-VALUE}).")
    double gib = 4;

    @Option(
            names = "--warm",
            paramLabel = "N",
            description = "GiB before a sample that do not count (default: ${DEFAULT-VALUE}).")
    double warm = 8;

    @Option(
            names = "--loads",
            split = ",",
            paramLabel = "DEPTHxWIRES",
            description = "Requests outstanding on each wire, and wires (default: ${DEFAULT-VALUE}).")
    List<String> loads = List.of("64x1", "250x1", "64x50", "250x50");

    @Option(names = "--only", split = ",", paramLabel = "PEER", description = "Measure only these peers.")
    List<String> only = List.of();

    @Option(
            names = "--tries",
            paramLabel = "N",
            description = "Repeat a disturbed sample up to this often (default: ${DEFAULT-VALUE}).")
    int tries = 3;

    @Option(
            names = "--noise",
            paramLabel = "CORES",
            description = "A sample is disturbed when others, or the hypervisor, take more than this"
                    + " (default: ${DEFAULT-VALUE}).")
    double noise = 0.35;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Wait so long for a quiet machine before a sample (default: ${DEFAULT-VALUE}).")
    int wait = 20;

    @Option(names = "--idle-wires", paramLabel = "N", description = "Idle wires (default: ${DEFAULT-VALUE}).")
    int idleWires = 10_000;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            description = "How long they are watched; keep-alives go after 110 s, and a silent peer is closed after 150"
                    + " (default: ${DEFAULT-VALUE}).")
    int idleSeconds = 120;

    @Option(names = "--java", paramLabel = "FILE", description = "The Java that runs ours (default: this one).")
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            description = "One more option for the Java that runs ours; may be given several times.")
    List<String> jvm = List.of();

    @Option(names = "--peers", paramLabel = "DIR", description = "Sources of the others (default: ${DEFAULT-VALUE}).")
    Path peers = Path.of("benchmarks/peers");

    @Option(names = "--work", paramLabel = "DIR", description = "For what is built here (default: ${DEFAULT-VALUE}).")
    Path work = Path.of("benchmarks/target/bench");

    /** No sample and no warm-up takes longer; then something hangs. */
    Duration patience() {
        return Duration.ofMinutes(10);
    }

    boolean isWanted(String peer) {
        return only.isEmpty() || only.contains(peer);
    }

    /** Whole blocks in so many GiB. */
    static long bytes(double gib) {
        return (long) (gib * (1L << 30)) / PIECE_LENGTH * PIECE_LENGTH;
    }
}
