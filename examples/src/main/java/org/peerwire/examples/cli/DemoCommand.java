/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Runs a swarm of real connections in this process: four seeds, and a leecher that knows only a magnet"
                        + " link with the address of one seed.",
        mixinStandardHelpOptions = true)
final class DemoCommand extends Reporting implements Callable<Integer> {
    private static final int CHUNK = 64 * 1024;
    private static final int PIECE_LENGTH = 256 * 1024;
    private static final long RATE = 4 * 1024 * 1024;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "48M",
            converter = Values.Size.class,
            description = "Bytes to share, such as 48M (default: ${DEFAULT-VALUE}).")
    private int size;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("peerwire-demo");
        boolean complete = false;
        try {
            run(folder);
            complete = true;
        } finally {
            delete(complete ? folder.resolve("seeds") : folder);
        }
        return 0;
    }

    private void run(Path folder) throws IOException {
        Path original = folder.resolve("seeds").resolve("peerwire-demo.bin");
        fill(original, size);
        Torrent torrent = Torrent.create(
                original, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
        try (DemoReport report = new DemoReport(out(), Report.isTerminal());
                DemoSeeds seeds = new DemoSeeds(torrent, original, RATE, report)) {
            report.say(Texts.bytes(torrent.length()) + " in " + Texts.count(torrent.pieceCount(), "piece")
                    + "; each seed is limited to " + Texts.bytes(RATE) + "/s");
            MagnetLink link = torrent.magnet().withPeers(seeds.start("A", "B", "C", "D"));
            report.say("the leecher starts with this magnet link only: " + link);
            Path copy = new DemoLeecher(link, folder.resolve("leecher"), report).run();
            if (Files.mismatch(original, copy) != -1) {
                throw new Failure("the copy differs from the original: " + copy);
            }
            report.table();
            out().println("the copy is identical: " + copy);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> all;
            try (Stream<Path> paths = Files.walk(folder)) {
                all = paths.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Writes random bytes, so that no two pieces are equal. */
    private static void fill(Path file, int length) throws IOException {
        byte[] bytes = new byte[CHUNK];
        Random random = new Random();
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int left = length; left > 0; left -= CHUNK) {
                random.nextBytes(bytes);
                out.write(bytes, 0, Math.min(left, CHUNK));
            }
        }
    }
}
