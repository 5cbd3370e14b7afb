/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.peerwire.metadata.Torrent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        description = "Prints the content of a torrent file or a magnet link. Connects to no peer.",
        mixinStandardHelpOptions = true)
final class InfoCommand extends Reporting implements Callable<Integer> {

    @Parameters(
            paramLabel = "MAGNET_OR_TORRENT",
            description = "A magnet link, an info hash, or the path or http(s) URL of a torrent file.")
    private String what = "";

    @Option(names = "--json", description = "Print one JSON object in one line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (what.isBlank()) {
            throw wrong("MAGNET_OR_TORRENT must be a magnet link or a torrent file, was empty");
        }
        if (Values.isMagnet(what)) {
            MagnetInfo info = new MagnetInfo(Values.magnet(what));
            print(json ? info.json() + System.lineSeparator() : info.sheet());
        } else {
            Torrent torrent = Values.torrent(what);
            TorrentInfo info = new TorrentInfo(torrent, trailing(torrent));
            print(json ? info.json() + System.lineSeparator() : info.sheet());
        }
        return 0;
    }

    private void print(Object text) {
        out().print(text);
        out().flush();
    }

    /** Returns the number of bytes after the torrent in a regular file, else 0. */
    private long trailing(Torrent torrent) throws IOException {
        if (WebTorrents.isUrl(what) || !Files.isRegularFile(Path.of(what))) {
            return 0;
        }
        return Math.max(0, Files.size(Path.of(what)) - torrent.encode().length);
    }
}
