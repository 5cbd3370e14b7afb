/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.Patience;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "download",
        description = "Downloads torrents, or resumes the download. Exit code 0 means complete and verified. With"
                + " several torrents, one that fails does not stop the others, and the exit code is 1.",
        mixinStandardHelpOptions = true)
final class DownloadCommand extends Reporting implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Parameters(
            arity = "1..*",
            paramLabel = "MAGNET_OR_TORRENT",
            description = "Magnet links, info hashes, or the paths or http(s) URLs of torrent files.")
    private List<String> what = new ArrayList<>();

    @Option(names = "-o", required = true, paramLabel = "DIR", description = "The folder to download to.")
    private Path folder = Path.of("");

    @Option(
            names = "--overwrite",
            description = "Overwrite other data in the way of the files (default: refuse and keep it).")
    private boolean overwrite;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            description = "Fail after this time without new data, also with connected peers (default: 10m, or --timeout"
                    + " if that is longer).")
    private @Nullable Duration patience;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Mixin
    private ChoiceOptions choice = new ChoiceOptions();

    @Mixin
    private SeedingOptions seeding = new SeedingOptions();

    @Mixin
    private RateOptions rates = new RateOptions();

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        List<Target> targets = targets();
        Plan plan = new Plan(folder, overwrite, choice.files(), choice.isSequential(), seeding.plan());
        List<String> failures;
        try (Reports reports = Reports.of(json, connect.isVerbose(), out(), targets.size());
                Interruption interruption = Interruption.during(folder, reports, err())) {
            failures = new Downloads(targets, plan, patience(), reports, interruption).run(connect, rates);
        }
        failures.forEach(failure -> err().println("peerwire download: " + Texts.plain(failure)));
        return failures.isEmpty() ? 0 : 1;
    }

    private List<Target> targets() throws IOException {
        List<Target> targets = new ArrayList<>();
        for (String one : what) {
            if (one.isBlank()) {
                throw wrong("MAGNET_OR_TORRENT must be a magnet link or a torrent file, was empty");
            }
            Target target = Values.target(one);
            if (targets.stream().anyMatch(target::isSame)) {
                throw wrong("MAGNET_OR_TORRENT must be different torrents, was twice " + target.name());
            }
            targets.add(target);
        }
        String useless = seeding.useless();
        if (useless != null) {
            throw wrong(useless + " has no effect without --seed");
        }
        if (targets.size() > 1 && choice.files() != null) {
            throw wrong("--files must be for a single torrent, was given with " + targets.size());
        }
        return targets;
    }

    private Patience patience() {
        Duration timeout = connect.timeout();
        Duration standard = timeout != null && timeout.compareTo(PATIENCE) > 0 ? timeout : PATIENCE;
        return connect.patience().withProgress(patience == null ? standard : patience);
    }
}
