/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.peerwire.benchmarks.peers.Pattern;

/**
 * The speed of {@code peerwire download} of 1 GiB from {@code peerwire seed}, to disk and verified. The limit of any
 * program is measured beside it: SHA-1 on the cores that the download used, and the writing of a file.
 */
final class DiskWork implements Trial.Work {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PEERWIRE = "org.peerwire.examples.cli.Main";
    private static final long LENGTH = 1L << 30;
    private static final int PART = 1 << 20;

    private final Settings settings;
    private final Peers peers;

    DiskWork(Settings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    @Override
    public String name() {
        return "download";
    }

    @Override
    public List<String> peers() {
        return List.of(Peers.WIRE);
    }

    @Override
    public void measure(String peer, Trial.Sampler sampler) throws Exception {
        Path data = new Pattern().file(settings.work.resolve("canned.bin"), LENGTH);
        Path torrent = settings.work.resolve("canned.torrent");
        run("create", data.toString(), "-o", torrent.toString(), "--piece-length", "1M")
                .await();
        int port = Ports.free();
        try (Child seed = run(
                "seed", torrent.toString(), "--data", data.toString(), "--host", "127.0.0.1", "--port", "" + port)) {
            seed.line("seeding");
            sampler.take("1 GiB", () -> download(torrent, port));
        }
    }

    private Map<String, Double> download(Path torrent, int port) throws Exception {
        Path target = Files.createTempDirectory(settings.work.toAbsolutePath(), "download");
        Path file = target.resolve("canned.bin");
        try {
            double sha1 = sha1();
            double disk = write(file);
            Files.delete(file);
            double cpu = Machine.endedChildrenCpuSeconds();
            JsonNode done = null;
            try (Child leech = run(
                    "download", torrent.toString(), "-o", target.toString(), "--json", "--peer", "127.0.0.1:" + port)) {
                while (done == null) {
                    JsonNode event = JSON.readTree(leech.line());
                    done = event.get("event").asText().equals("completed") ? event : null;
                }
                leech.await();
            }
            cpu = Machine.endedChildrenCpuSeconds() - cpu;
            double seconds = done.get("millis").doubleValue() / 1000;
            double speed = LENGTH / seconds / PART;
            double limit = Math.min(sha1 * cpu / seconds, disk);
            return Trial.values(
                    "MiBps", speed,
                    "cpuPerGiB", cpu,
                    "ofLimit", speed / limit,
                    "sha1MiBps", sha1,
                    "diskMiBps", disk);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(target);
        }
    }

    /** Returns the MiB that one core hashes per second. */
    private static double sha1() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        byte[] part = new byte[PART];
        for (int i = 0; i < 200; i++) {
            digest.update(part); // warms the JIT compiler
        }
        long start = System.nanoTime();
        for (int i = 0; i < 1024; i++) {
            digest.update(part);
        }
        return 1024 / ((System.nanoTime() - start) / 1e9);
    }

    /** Returns the MiB written to a new file per second. */
    private static double write(Path file) throws IOException {
        ByteBuffer part = ByteBuffer.allocateDirect(PART);
        long start = System.nanoTime();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < LENGTH; ) {
                part.clear();
                at += out.write(part);
            }
        }
        return 1024 / ((System.nanoTime() - start) / 1e9);
    }

    private Child run(String command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        return peers.start("peerwire-" + command, peers.main(PEERWIRE, List.of(), all));
    }
}
