/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.SwarmEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@Command(
        name = "peers",
        description =
                "Prints the peers that trackers, the distributed hash table, the local network and other peers tell"
                        + " us about, as they arrive, each with its source.",
        mixinStandardHelpOptions = true)
final class PeersCommand extends Reporting implements Callable<Integer> {

    /** The number of addresses after which some may be printed once more. */
    private static final int MAX_FOUND = 100_000;

    @Parameters(
            paramLabel = "MAGNET_OR_TORRENT",
            description = "A magnet link, an info hash, or the path of a torrent file.")
    private String what = "";

    @Option(names = "--for", paramLabel = "DURATION", description = "Stop after this time (default: never).")
    private @Nullable Duration span;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /** The printed addresses. Confined to the thread of the swarm. */
    private final Set<SwarmEvent.Discovered> found = new HashSet<>();

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        Target target = Values.target(what);
        Report report = json ? new JsonReport(out()) : new LineReport(out());
        Report problems = json ? report : new LineReport(err());
        Mono<Void> watching = Mono.usingWhen(
                connect.network(false, RateOptions.NONE, List.of(target)),
                network -> {
                    Mono<Void> watched = watch(target, network, event -> show(report, problems, event));
                    return span == null ? watched : watched.takeUntilOther(Mono.delay(span));
                },
                Network::close);
        watching.block();
        return 0;
    }

    private Mono<Void> watch(Target target, Network network, CliEvent.Listener events) {
        connect.requirePeers(target, network);
        requireTeller(target.torrent(), network.sources().hasTracker(target));
        return Mono.usingWhen(
                Mono.fromSupplier(() -> connect.swarm(target, network, Patience.UNLIMITED, events)),
                swarm -> new Company(swarm, connect.patience()).watch(event -> {
                    connect.watch(event);
                    events.on(new CliEvent.OfSwarm(event));
                }),
                swarm -> swarm.close());
    }

    /** Returns true once for each address and source. */
    private boolean isNew(SwarmEvent.Discovered discovered) {
        if (found.size() >= MAX_FOUND) {
            found.clear();
        }
        return found.add(discovered);
    }

    private static void requireTeller(@Nullable Torrent torrent, boolean hasTracker) {
        if (torrent != null && torrent.isPrivate() && !hasTracker) {
            throw new Failure(
                    "the torrent is private, so only its trackers may tell peers (BEP 27), and none is asked");
        }
    }

    /** Called on the threads of the swarm and of the trackers. */
    private synchronized void show(Report report, Report problems, CliEvent event) {
        if (event instanceof CliEvent.OfSwarm swarm) {
            if (swarm.event() instanceof SwarmEvent.Heard) {
                report.on(event);
            } else if (swarm.event() instanceof SwarmEvent.Discovered discovered && isNew(discovered)) {
                report.on(new CliEvent.Found(discovered.source(), discovered.peer()));
            } else if (swarm.event() instanceof SwarmEvent.Unreachable) {
                problems.on(event);
            }
        } else if (event instanceof CliEvent.TrackerFailed) {
            problems.on(event);
        }
    }
}
