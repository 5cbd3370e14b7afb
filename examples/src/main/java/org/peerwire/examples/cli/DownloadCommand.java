/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.Downloader;
import org.peerwire.examples.swarm.SwarmSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "download",
        description = "Downloads a torrent, or resumes the download. Exit code 0 means complete and verified.",
        mixinStandardHelpOptions = true)
final class DownloadCommand extends Reporting implements Callable<Integer> {

    @Parameters(
            paramLabel = "MAGNET_OR_TORRENT",
            description = "A magnet link, an info hash, or the path or http(s) URL of a torrent file.")
    private String what = "";

    @Option(names = "-o", required = true, paramLabel = "DIR", description = "The folder to download to.")
    private Path folder = Path.of("");

    @Option(
            names = "--overwrite",
            description = "Overwrite other data in the way of the files (default: refuse and keep it).")
    private boolean overwrite;

    @Option(
            names = "--give-up",
            paramLabel = "DURATION",
            description = "Fail after this time without new data, also with connected peers (default: never).")
    private @Nullable Duration giveUp;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        if (what.isBlank()) {
            throw wrong("MAGNET_OR_TORRENT must be a magnet link or a torrent file, was empty");
        }
        if (Values.isMagnet(what) && !Values.magnet(what).files().isAll()) {
            err().println("the link selects files (so=), which is not supported: all files are downloaded");
        }
        connect.requirePeers(what);
        try (Report report = Report.of(json, connect.isVerbose(), out());
                Interruption events = Interruption.during(folder, report, err())) {
            new Downloader(Values.target(what), folder, settings(), events)
                    .run()
                    .block();
        }
        return 0;
    }

    private SwarmSettings settings() {
        SwarmSettings settings = connect.forLeeching().withOverwrite(overwrite);
        return settings.withPatience(settings.patience().withProgress(giveUp));
    }
}
