/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.SwarmException;
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
            description = "Bytes per piece, such as 256K or 1M (default: depends on the size of the data).")
    private int pieceLength;

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
