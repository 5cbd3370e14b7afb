/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.Downloader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "download",
        description = "Downloads a torrent, or goes on with it; exit code 0 only when it is complete and verified.",
        mixinStandardHelpOptions = true)
final class DownloadCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "MAGNET_OR_TORRENT", description = "A magnet link or the name of a torrent file.")
    private String what = "";

    @Option(names = "-o", required = true, paramLabel = "DIR", description = "The folder to download to.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        if (what.isBlank()) {
            throw wrong("which torrent? MAGNET_OR_TORRENT is empty");
        }
        if (Values.isMagnet(what) && !Values.magnet(what).files().isAll()) {
            err().println("the link selects files (so=), but all files are downloaded");
        }
        try (Report report = Report.of(json, out())) {
            new Downloader(Values.target(what), folder, connect.forLeeching(), report)
                    .run()
                    .block();
        }
        return 0;
    }
}
