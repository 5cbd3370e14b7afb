/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.peerwire.metadata.Torrent;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A torrent and its data on disk. */
final class DataOptions {
    @Parameters(paramLabel = "X.torrent", description = "The path or the http(s) URL of the torrent file.")
    private String file = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "The file or folder of the torrent, or the folder that contains it.")
    private Path data = Path.of("");

    /** Reads the torrent. */
    Torrent torrent() throws IOException {
        return Values.torrent(file);
    }

    Path data() {
        return data;
    }
}
