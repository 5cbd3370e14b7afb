/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.Watcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@Command(
        name = "peers",
        description = "Prints the peers that other peers tell us about, as they arrive.",
        mixinStandardHelpOptions = true)
final class PeersCommand extends Reporting implements Callable<Integer> {

    @Parameters(
            paramLabel = "MAGNET_OR_TORRENT",
            description = "A magnet link, an info hash, or the path of a torrent file.")
    private String what = "";

    @Option(names = "--for", paramLabel = "DURATION", description = "Stop after this time (default: never).")
    private @Nullable Duration span;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        connect.requirePeers(what);
        Report report = json ? new JsonReport(out()) : new LineReport(out());
        Report problems = json ? report : new LineReport(err());
        Mono<Void> watching =
                new Watcher(Values.target(what), connect.forLeeching(), event -> show(report, problems, event)).run();
        (span == null ? watching : watching.takeUntilOther(Mono.delay(span))).block();
        return 0;
    }

    private static void show(Report report, Report problems, SwarmEvent event) {
        if (event instanceof SwarmEvent.Heard) {
            report.on(event);
        } else if (event instanceof SwarmEvent.Unreachable) {
            problems.on(event);
        }
    }
}
