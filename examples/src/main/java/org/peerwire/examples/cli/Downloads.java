/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The downloads of one command, which share a host. */
final class Downloads {
    private final List<Target> targets;
    private final Plan plan;
    private final Patience patience;
    private final Reports reports;
    private final Interruption interruption;
    private final Map<Path, Torrent> places = new ConcurrentHashMap<>();

    /** Creates downloads that are not started. */
    Downloads(List<Target> targets, Plan plan, Patience patience, Reports reports, Interruption interruption) {
        this.targets = targets;
        this.plan = plan;
        this.patience = patience;
        this.reports = reports;
        this.interruption = interruption;
    }

    /**
     * Downloads all torrents. Blocks.
     *
     * @return the reasons of the torrents that failed, if there are several; the failure of a single one is thrown
     */
    List<String> run(ConnectOptions connect, RateOptions rates) {
        List<String> failures = Mono.usingWhen(
                        connect.network(plan.seeding() != null, rates, targets),
                        network -> {
                            network.host().address().ifPresent(here -> reports.onAll(new CliEvent.Listening(here)));
                            return Flux.fromIterable(targets)
                                    .flatMap(target -> one(target, connect, network), targets.size())
                                    .collectList();
                        },
                        Network::close)
                .block();
        return failures == null ? List.of() : failures;
    }

    /** Downloads one torrent. Emits the reason of a failure if there are other torrents. */
    private Mono<String> one(Target target, ConnectOptions connect, Network network) {
        return Mono.defer(() -> {
            CliEvent.Listener report = interruption.watching(reports.of(target));
            CliEvent.Listener events = event -> {
                if (event instanceof CliEvent.OfSwarm swarm) {
                    connect.watch(swarm.event());
                }
                report.on(event);
            };
            Swarm swarm = connect.swarm(target, network, patience, events);
            Mono<String> run =
                    new Download(target, plan, swarm, this::claim, events).run().then(Mono.empty());
            return targets.size() == 1
                    ? run
                    : run.onErrorResume(e -> {
                        String reason = Advice.text(e);
                        events.on(new CliEvent.Failed(reason));
                        return Mono.just(target.name() + ": " + reason);
                    });
        });
    }

    /** Returns false if another torrent has the path. */
    private boolean claim(Torrent torrent, Path path) {
        Torrent other = places.putIfAbsent(path.toAbsolutePath().normalize(), torrent);
        return other == null || other == torrent;
    }
}
