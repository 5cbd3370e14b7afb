/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    @Option(names = "--piece-length", paramLabel = "N", description = "Bytes in a piece, such as 256K or 1M.")
    private String pieceLength = "0";

    @Override
    public Integer call() throws IOException {
        Torrent torrent = Torrent.create(source, TorrentOptions.defaults().withPieceLength(Values.bytes(pieceLength)));
        Files.write(output, torrent.encode());
        out().println("info hash  " + torrent.hashes().wire());
        out().println("magnet     " + torrent.magnet());
        return 0;
    }
}
