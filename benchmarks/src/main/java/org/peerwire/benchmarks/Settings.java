/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a measurement. */
final class Settings {
    /** The piece length of every torrent here, in bytes. */
    static final int PIECE_LENGTH = 1024 * 1024;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Number of rounds over all peers (default: ${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(
            names = "--gib",
            paramLabel = "N",
            description = "GiB per sample; slow peers get half (default: ${DEFAULT-VALUE}).")
    double gib = 4;

    @Option(
            names = "--warm",
            paramLabel = "N",
            description = "GiB of warm-up before a sample (default: ${DEFAULT-VALUE}).")
    double warm = 8;

    @Option(
            names = "--loads",
            split = ",",
            paramLabel = "DEPTHxWIRES",
            description = "Outstanding requests per wire, and number of wires (default: ${DEFAULT-VALUE}).")
    List<String> loads = List.of("64x1", "250x1", "64x50", "250x50");

    @Option(names = "--only", split = ",", paramLabel = "PEER", description = "Measure only these peers.")
    List<String> only = List.of();

    @Option(
            names = "--tries",
            paramLabel = "N",
            description = "Maximum number of repetitions of a disturbed sample (default: ${DEFAULT-VALUE}).")
    int tries = 3;

    @Option(
            names = "--noise",
            paramLabel = "CORES",
            description = "A sample is disturbed if others, or the hypervisor, use more than this"
                    + " (default: ${DEFAULT-VALUE}).")
    double noise = 0.35;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Maximum wait for an idle machine before a sample (default: ${DEFAULT-VALUE}).")
    int wait = 20;

    @Option(names = "--idle-wires", paramLabel = "N", description = "Number of idle wires (default: ${DEFAULT-VALUE}).")
    int idleWires = 10_000;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            description =
                    "Duration of the measurement; keep-alives go after 110 s, and a silent peer is closed after 150"
                            + " (default: ${DEFAULT-VALUE}).")
    int idleSeconds = 120;

    @Option(names = "--java", paramLabel = "FILE", description = "Java for our programs (default: the current one).")
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            description = "Option for the Java of our programs. May be repeated.")
    List<String> jvm = List.of();

    @Option(
            names = "--peers",
            paramLabel = "DIR",
            description = "Sources of the other peers (default: ${DEFAULT-VALUE}).")
    Path peers = Path.of("benchmarks/peers");

    @Option(names = "--work", paramLabel = "DIR", description = "Folder for build results (default: ${DEFAULT-VALUE}).")
    Path work = Path.of("benchmarks/target/bench");

    /** The time limit of a sample or a warm-up, after which it is considered hung. */
    Duration patience() {
        return Duration.ofMinutes(10);
    }

    boolean isWanted(String peer) {
        return only.isEmpty() || only.contains(peer);
    }

    /** Returns the number of whole blocks in this number of GiB. */
    static long bytes(double gib) {
        return (long) (gib * (1L << 30)) / PIECE_LENGTH * PIECE_LENGTH;
    }
}
