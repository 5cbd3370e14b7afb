/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Makes a torrent of a file or folder.", mixinStandardHelpOptions = true)
final class CreateCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "FILE_OR_DIR", description = "What to make a torrent of.")
    private Path source = Path.of("");

    @Option(names = "-o", required = true, paramLabel = "X.torrent", description = "Where to write it.")
    private Path output = Path.of("");

    @Option(
            names = "--piece-length",
            paramLabel = "N",
            converter = Values.Size.class,
            description = "Bytes in a piece, such as 256K or 1M (default: by the size of the data).")
    private int pieceLength;

    /** Hashing takes long, so what can be known before is. */
    private void checkOutput() throws IOException {
        Path folder = output.toAbsolutePath().normalize().getParent();
        if (folder == null || Files.isDirectory(output)) {
            throw new SwarmException(output + " is a folder");
        } else if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        } else if (Files.isDirectory(source) && folder.toRealPath().startsWith(source.toRealPath())) {
            throw new SwarmException(output + " would be a part of the torrent: it is inside " + source);
        }
    }

    @Override
    public Integer call() throws IOException {
        TorrentOptions options;
        try {
            options = TorrentOptions.builder().pieceLength(pieceLength).build();
        } catch (IllegalArgumentException e) {
            throw wrong(Reasons.text(e));
        }
        checkOutput();
        Torrent torrent = Torrent.create(source, options);
        Files.write(output, torrent.encode());
        out().println("info hash  " + torrent.hashes().wire());
        out().println("magnet     " + torrent.magnet());
        return 0;
    }
}
