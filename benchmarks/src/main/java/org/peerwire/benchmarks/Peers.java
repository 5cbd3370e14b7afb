/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The measured peers, with their build and start. A peer that cannot be built is omitted, with a message about the
 * missing program.
 */
final class Peers {
    static final String WIRE = "peerwire";
    static final String WIRE_FILE = "peerwire-file";
    static final String WIRE_COPY = "peerwire-copy";
    static final String NETTY = "netty";
    static final String NODE = "node";
    static final String LIBTORRENT = "libtorrent";
    static final String C = "c";

    static final String INFO_HASH = "0123456789abcdef0123456789abcdef01234567";
    private static final String PROGRAMS = "org.peerwire.benchmarks.peers.";
    private static final List<String> PLAIN = List.of();
    private static final List<String> FAST_AND_EXTENDED = List.of("--fast", "--ext");
    private static final String HEAP = "-Xmx1g";

    /** The number of pieces in the torrent of a seed: 1 GiB. */
    static final int PIECES = 1024;

    private final Settings settings;
    private final Map<String, String> versions = new LinkedHashMap<>();

    Peers(Settings settings) throws IOException, InterruptedException {
        this.settings = settings;
        Files.createDirectories(settings.work);
        if (!build("cc", "neutral", List.of("neutral/neutral.c", "neutral/conn.c"), List.of("-O2", "-std=gnu11"))) {
            throw new IllegalStateException(
                    "cannot build neutral.c. Install a compiler with: apt-get install gcc libc6-dev");
        }
        if (!build("cc", "querier", List.of("neutral/querier.c"), List.of("-O2", "-std=gnu11"))) {
            throw new IllegalStateException("cannot build querier.c; see the output of cc");
        }
        Path wire = settings.peers.resolve("node/node_modules/bittorrent-protocol/package.json");
        if (!succeeds("node", "--version")) {
            System.err.println("omitted: node. Install it with: apt-get install nodejs npm");
        } else if (!Files.exists(wire)) {
            System.err.println(
                    "omitted: node. Install its packages with: npm install --prefix " + settings.peers + "/node");
        } else {
            Matcher version = Pattern.compile("\"version\": *\"([^\"]+)").matcher(Files.readString(wire));
            versions.put(
                    NODE,
                    output("node", "--version") + ", bittorrent-protocol " + (version.find() ? version.group(1) : "?"));
        }
        List<String> flags = new ArrayList<>(List.of("-O2", "-std=c++17", "-Wno-deprecated-declarations"));
        if (succeeds("pkg-config", "--exists", "libtorrent-rasterbar")) {
            flags.addAll(List.of(output("pkg-config", "--cflags", "--libs", "libtorrent-rasterbar")
                    .split(" +", -1)));
        }
        if (build("c++", "lt_peer", List.of("libtorrent/lt_peer.cpp"), flags)) {
            versions.put(LIBTORRENT, output(tool("lt_peer"), "version"));
        } else {
            System.err.println(
                    "omitted: libtorrent. Install it with: apt-get install g++ pkg-config libtorrent-rasterbar-dev libssl-dev");
        }
        if (succeeds("git", "rev-parse", "HEAD")) {
            versions.put("commit", output("git", "describe", "--always", "--dirty"));
        }
        for (String always : List.of(WIRE, WIRE_FILE, WIRE_COPY, NETTY, C)) {
            versions.put(always, "");
        }
    }

    /** Returns the versions of the peers that have one. */
    Map<String, String> versions() {
        Map<String, String> known = new LinkedHashMap<>(versions);
        known.values().removeIf(String::isEmpty);
        return known;
    }

    /** Returns the requested peers that can be started. */
    List<String> available(String... names) {
        return List.of(names).stream()
                .filter(versions::containsKey)
                .filter(settings::isWanted)
                .toList();
    }

    /** Returns the optional features of a peer, as flags of the neutral peer on the other side. */
    List<String> features(String name) {
        return name.startsWith(WIRE) || name.equals(LIBTORRENT) ? FAST_AND_EXTENDED : PLAIN;
    }

    /** Returns the part of the usual amount that is enough for a slow peer. */
    double share(String name) {
        return name.equals(NODE) ? 0.5 : 1;
    }

    /** Starts a seed on this port. It prints {@code ready INFOHASH}. */
    Child seed(String name, int port) throws IOException {
        String length = String.valueOf(Settings.PIECE_LENGTH);
        List<String> torrent = List.of(String.valueOf(port), INFO_HASH, length, String.valueOf(PIECES));
        return start(
                "seed-" + name,
                switch (name) {
                    case WIRE -> java("WireSeeder", List.of(), torrent);
                    case WIRE_FILE -> java("WireSeeder", List.of(), with(torrent, file().toString()));
                    case NETTY -> java("NettySeeder", List.of(), torrent);
                    case NODE -> with(List.of("node", script("seeder.mjs")), torrent.toArray(String[]::new));
                    case LIBTORRENT -> List.of(tool("lt_peer"), "seed", torrent.get(0), length, torrent.get(3));
                    case C -> with(List.of(tool("neutral"), "seed"), torrent.toArray(String[]::new));
                    default -> throw new IllegalArgumentException("the peer must be a seed, was " + name);
                });
    }

    /** The download of a leech. */
    record Job(int port, String infoHash, int pieces, long total, Load load) {}

    /** Starts a leech that waits for {@link Child#go}. */
    Child leech(String name, Job job, List<String> properties) throws IOException {
        List<String> torrent = new ArrayList<>(List.of(
                "127.0.0.1",
                String.valueOf(job.port),
                job.infoHash,
                String.valueOf(Settings.PIECE_LENGTH),
                String.valueOf(job.pieces),
                String.valueOf(job.total),
                String.valueOf(job.load.depth()),
                String.valueOf(job.load.wires())));
        return startWaiting(
                "leech-" + name,
                switch (name) {
                    case WIRE -> java("WireLeecher", with(properties, "-Dpayload=POOLED"), torrent);
                    case WIRE_COPY -> java("WireLeecher", with(properties, "-Dpayload=COPY"), torrent);
                    case NETTY -> java("NettyLeecher", properties, torrent);
                    case NODE -> with(List.of("node", script("leecher.mjs")), torrent.toArray(String[]::new));
                    case LIBTORRENT ->
                        List.of(
                                tool("lt_peer"),
                                "leech",
                                torrent.get(1),
                                torrent.get(7),
                                torrent.get(3),
                                torrent.get(4),
                                torrent.get(6));
                    case C -> with(List.of(tool("neutral"), "leech"), torrent.toArray(String[]::new));
                    default -> throw new IllegalArgumentException("the peer must be a leech, was " + name);
                });
    }

    /** Returns the info hash of a torrent with this number of pieces. libtorrent accepts only its own. */
    String infoHash(String name, int pieces) throws IOException, InterruptedException {
        return name.equals(LIBTORRENT)
                ? output(tool("lt_peer"), "hash", String.valueOf(Settings.PIECE_LENGTH), String.valueOf(pieces))
                : INFO_HASH;
    }

    /** Starts the neutral peer. */
    Child neutral(List<String> arguments) throws IOException {
        return start("neutral", with(List.of(tool("neutral")), arguments.toArray(String[]::new)));
    }

    /** Starts a node of the DHT on this port, on the first processor. It prints {@code ready}. */
    Child dhtNode(String name, int port) throws IOException, InterruptedException {
        List<String> node = name.equals(WIRE)
                ? java("DhtNode", List.of(), List.of(String.valueOf(port)))
                : List.of(tool("lt_peer"), "dht", String.valueOf(port));
        return start("dht-" + name, pinned("0", node));
    }

    /** Starts the program that asks such a node, on the second processor. */
    Child querier(List<String> node, List<String> options) throws IOException, InterruptedException {
        List<String> command = with(List.of(tool("querier")), node.toArray(String[]::new));
        return start("querier", pinned("1", with(command, options.toArray(String[]::new))));
    }

    /** Returns a command that runs on one processor, where there are several. */
    private static List<String> pinned(String processor, List<String> command) throws InterruptedException {
        return succeeds("taskset", "-c", "0", "true") && succeeds("taskset", "-c", "1", "true")
                ? with(List.of("taskset", "-c", processor), command.toArray(String[]::new))
                : command;
    }

    /** Starts one of our programs. */
    Child program(String name, List<String> properties, List<String> arguments) throws IOException {
        return start(name, java(name, properties, arguments));
    }

    /** Returns the command of a main class on the class path. */
    List<String> main(String mainClass, List<String> properties, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(settings.java, HEAP));
        command.addAll(settings.jvm);
        command.addAll(properties);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }

    Child start(String log, List<String> command) throws IOException {
        return Child.start(command, log(log), settings.patience());
    }

    private Child startWaiting(String log, List<String> command) throws IOException {
        return Child.startWaiting(command, log(log), settings.patience());
    }

    private Path log(String name) {
        return settings.work.resolve(name + ".log");
    }

    private List<String> java(String program, List<String> properties, List<String> arguments) {
        return main(PROGRAMS + program, properties, arguments);
    }

    /** Returns a file of 1 GiB in the page cache. */
    private Path file() throws IOException {
        return new org.peerwire.benchmarks.peers.Pattern()
                .file(settings.work.resolve("canned.bin"), (long) PIECES * Settings.PIECE_LENGTH);
    }

    private String script(String name) {
        return settings.peers.resolve("node").resolve(name).toString();
    }

    private String tool(String name) {
        return settings.work.resolve(name).toAbsolutePath().toString();
    }

    /** Compiles changed sources. */
    private boolean build(String compiler, String to, List<String> sources, List<String> flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(compiler, "-o", tool(to)));
        File built = new File(tool(to));
        boolean isNew = built.exists();
        for (String source : sources) {
            File file = settings.peers.resolve(source).toFile();
            if (!file.exists()) {
                throw new IllegalStateException(
                        "no such file: " + file + "; run this in the root of the project, or give --peers DIR");
            }
            isNew &= built.lastModified() > file.lastModified();
            command.add(file.toString());
        }
        command.addAll(flags);
        return isNew || succeeds(command.toArray(String[]::new));
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return run(command).waitFor() == 0;
        } catch (IOException e) {
            return false; // the program does not exist
        }
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = run(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " has failed: " + said);
        }
        return said;
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> with(List<String> list, String... more) {
        List<String> longer = new ArrayList<>(list);
        longer.addAll(List.of(more));
        return longer;
    }
}
