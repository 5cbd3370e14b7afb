/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmHost;
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
        Target target = Values.target(what);
        connect.requirePeers(target);
        requireExchange(target.torrent());
        if (target.torrent() != null && !connect.hasPeers()) {
            throw new Failure("no peers: give one with --peer HOST:PORT");
        }
        Report report = json ? new JsonReport(out()) : new LineReport(out());
        Report problems = json ? report : new LineReport(err());
        Mono<Void> watching = Mono.usingWhen(
                connect.host(null, RateOptions.NONE, 1),
                host -> watch(target, host, event -> show(report, problems, event)),
                SwarmHost::close);
        (span == null ? watching : watching.takeUntilOther(Mono.delay(span))).block();
        return 0;
    }

    private Mono<Void> watch(Target target, SwarmHost host, CliEvent.Listener events) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> connect.swarm(target, host, Patience.UNLIMITED)),
                swarm -> new Company(swarm, connect.patience()).watch(event -> {
                    connect.watch(event);
                    events.on(new CliEvent.OfSwarm(event));
                    if (event instanceof SwarmEvent.MetadataReceived metadata) {
                        requireExchange(metadata.torrent());
                    }
                }),
                swarm -> swarm.close());
    }

    private static void requireExchange(@Nullable Torrent torrent) {
        if (torrent != null && torrent.isPrivate()) {
            throw new Failure("the torrent is private, so peer exchange is not allowed (BEP 27)");
        }
    }

    private static void show(Report report, Report problems, CliEvent event) {
        if (event instanceof CliEvent.OfSwarm swarm) {
            if (swarm.event() instanceof SwarmEvent.Heard) {
                report.on(event);
            } else if (swarm.event() instanceof SwarmEvent.Unreachable) {
                problems.on(event);
            }
        }
    }
}
