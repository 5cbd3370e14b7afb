/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.LeftOut;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.Reasons;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Writes a torrent file for a file or folder.", mixinStandardHelpOptions = true)
final class CreateCommand extends Reporting implements Callable<Integer> {
    private static final String EXTENSION = ".torrent";

    @Parameters(paramLabel = "FILE_OR_DIR", description = "The file or folder to share.")
    private Path source = Path.of("");

    @Option(names = "-o", required = true, paramLabel = "X.torrent", description = "The torrent file to write.")
    private Path output = Path.of("");

    @Option(
            names = "--piece-length",
            paramLabel = "N",
            converter = Values.Size.class,
            description = "Bytes per piece, such as 256KiB, 1MiB or 4M (default: depends on the size of the data)."
                    + " With several, X.torrent becomes one torrent for each: X.256KiB.torrent, X.1MiB.torrent.")
    private List<Integer> pieceLengths = new ArrayList<>();

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

    @Override
    public Integer call() throws IOException {
        Map<LeftOut.Reason, Integer> leftOut = new EnumMap<>(LeftOut.Reason.class);
        Map<Path, TorrentOptions> torrents = new LinkedHashMap<>();
        try {
            for (int length : pieceLengths.isEmpty() ? List.of(0) : pieceLengths) {
                Path file = pieceLengths.size() > 1 ? output(length) : output;
                if (torrents.put(file, options(length, leftOut)) != null) {
                    throw wrong("--piece-length must have different values, was twice " + Texts.binary(length));
                }
            }
        } catch (IllegalArgumentException e) {
            throw wrong(Reasons.text(e));
        }
        check(output);
        for (Path file : torrents.keySet()) { // before the data is hashed, which takes long
            check(file);
        }
        for (Map.Entry<Path, TorrentOptions> entry : torrents.entrySet()) {
            leftOut.clear();
            Torrent torrent = Torrent.create(source, entry.getValue());
            Files.write(entry.getKey(), torrent.encode());
            if (torrents.size() > 1) {
                out().println("wrote      " + Texts.plain(entry.getKey().toString()));
            }
            out().println("info hash  " + torrent.hashes().wire());
            out().println("magnet     " + torrent.magnet());
        }
        leftOut.forEach((reason, number) -> out().println("left out   " + number + " " + text(reason)));
        return 0;
    }

    /** Returns the path of one of several torrents: the piece length is before the extension. */
    private Path output(int pieceLength) {
        String name = String.valueOf(output.getFileName());
        int end =
                name.toLowerCase(Locale.ROOT).endsWith(EXTENSION) ? name.length() - EXTENSION.length() : name.length();
        return output.resolveSibling(name.substring(0, end) + "." + Texts.binary(pieceLength) + name.substring(end));
    }

    private void check(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new Failure("-o must name a torrent file, was the folder " + file);
        } else if (!Files.isDirectory(folder)) {
            throw new Failure("no such folder: " + folder + "; create it first");
        } else if (Files.isDirectory(source) && folder.toRealPath().startsWith(source.toRealPath())) {
            throw new Failure(
                    "-o must be outside of " + source + ", else it would be part of the torrent, was " + file);
        }
    }

    private TorrentOptions options(int pieceLength, Map<LeftOut.Reason, Integer> leftOut) {
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
