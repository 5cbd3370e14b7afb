/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.metadata.LeftOut;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Writes a torrent file for a file or folder.", mixinStandardHelpOptions = true)
final class CreateCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "FILE_OR_DIR", description = "The file or folder to share.")
    private Path source = Path.of("");

    @Option(names = "-o", required = true, paramLabel = "X.torrent", description = "The torrent file to write.")
    private Path output = Path.of("");

    @Option(
            names = "--piece-length",
            paramLabel = "N",
            converter = Values.Size.class,
            description = "Bytes per piece, such as 256KiB, 1MiB or 4M (default: depends on the size of the data).")
    private int pieceLength;

    @Option(names = "--tracker", paramLabel = "URL", description = "A tracker. May be repeated: each is one tier.")
    private List<String> trackers = new ArrayList<>();

    @Option(names = "--private", description = "Peers may come only from the trackers.")
    private boolean isPrivate;

    @Option(names = "--comment", paramLabel = "TEXT", description = "A comment for people.")
    private @Nullable String comment;

    @Option(names = "--source", paramLabel = "TEXT", description = "A mark that changes the info hash.")
    private @Nullable String mark;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Leave out files that match, such as *.tmp or cache/**. May be repeated.")
    private List<String> excludes = new ArrayList<>();

    @Option(names = "--hidden", description = "Include hidden files.")
    private boolean hidden;

    /** Checks the output before the data is hashed, which takes long. */
    private void checkOutput() throws IOException {
        Path folder = output.toAbsolutePath().normalize().getParent();
        if (folder == null || Files.isDirectory(output)) {
            throw new SwarmException("-o must name a torrent file, was the folder " + output);
        } else if (!Files.isDirectory(folder)) {
            throw new SwarmException("no such folder: " + folder + "; create it first");
        } else if (Files.isDirectory(source) && folder.toRealPath().startsWith(source.toRealPath())) {
            throw new SwarmException(
                    "-o must be outside of " + source + ", else it would be part of the torrent, was " + output);
        }
    }

    @Override
    public Integer call() throws IOException {
        Map<LeftOut.Reason, Integer> leftOut = new EnumMap<>(LeftOut.Reason.class);
        TorrentOptions options;
        try {
            options = options(leftOut);
        } catch (IllegalArgumentException e) {
            throw wrong(Reasons.text(e));
        }
        checkOutput();
        Torrent torrent = Torrent.create(source, options);
        Files.write(output, torrent.encode());
        out().println("info hash  " + torrent.hashes().wire());
        out().println("magnet     " + torrent.magnet());
        leftOut.forEach((reason, number) -> out().println("left out   " + number + " " + text(reason)));
        return 0;
    }

    private TorrentOptions options(Map<LeftOut.Reason, Integer> leftOut) {
        TorrentOptions.Builder options = TorrentOptions.builder()
                .pieceLength(pieceLength)
                .trackers(trackers.stream().map(List::of).toList())
                .isPrivate(isPrivate)
                .excludes(excludes)
                .withHidden(hidden)
                .onLeftOut(entry -> leftOut.merge(entry.reason(), 1, Integer::sum));
        if (comment != null) {
            options.comment(comment);
        }
        if (mark != null) {
            options.source(mark);
        }
        return options.build();
    }

    private static String text(LeftOut.Reason reason) {
        return switch (reason) {
            case EXCLUDED -> "excluded";
            case HIDDEN -> "hidden (--hidden includes them)";
            case LINK -> "symbolic links";
            case SPECIAL -> "special files";
        };
    }
}
