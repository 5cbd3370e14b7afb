/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Shows a swarm of real connections inside this process: four seeds, and one who knows only a magnet"
                        + " link with one of them.",
        mixinStandardHelpOptions = true)
final class DemoCommand extends Reporting implements Callable<Integer> {
    private static final int PIECE_LENGTH = 256 * 1024;
    private static final long RATE = 4 * 1024 * 1024;

    @Option(names = "--size", paramLabel = "N", description = "Bytes to share (default: ${DEFAULT-VALUE}).")
    private String size = "48M";

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("peerwire-demo");
        Path original = folder.resolve("seeds").resolve("peerwire-demo.bin");
        fill(original, Values.bytes(size));
        Torrent torrent = Torrent.create(original, TorrentOptions.defaults().withPieceLength(PIECE_LENGTH));
        try (DemoReport report = new DemoReport(out(), Report.isTerminal());
                DemoSeeds seeds = new DemoSeeds(torrent, original, RATE, report)) {
            report.say(Texts.bytes(torrent.length()) + " in " + Texts.count(torrent.pieceCount(), "piece")
                    + "; each seed sends at most " + Texts.bytes(RATE) + "/s, so that there is something to see");
            MagnetLink link = torrent.magnet().withPeers(seeds.start("A", "B", "C", "D"));
            report.say("the leecher gets this and nothing else: " + link);
            Path copy = new DemoLeecher(link, folder.resolve("leecher"), report).run();
            if (Files.mismatch(original, copy) != -1) {
                throw new SwarmException("the copy differs from the original: " + copy);
            }
            report.table();
            out().println("the copy is identical: " + copy);
        }
        return 0;
    }

    /** Bytes that no compression and no accident could make alike. */
    private static void fill(Path file, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random().nextBytes(bytes);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
