/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.core.publisher.Mono;

@Command(
        name = "seed",
        description = "Verifies the data of a torrent, then serves it until interrupted.",
        mixinStandardHelpOptions = true)
final class SeedCommand extends Reporting implements Callable<Integer> {

    @Mixin
    private DataOptions source = new DataOptions();

    @Mixin
    private RateOptions rates = new RateOptions();

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        Torrent torrent = source.torrent();
        Target target = Target.of(torrent);
        Mono.usingWhen(connect.network(true, rates, List.of(target)), network -> seed(torrent, network), Network::close)
                .block();
        return 0;
    }

    private Mono<Void> seed(Torrent torrent, Network network) {
        WatchedStore store = new WatchedStore(FileStore.existing(source.data()));
        Patience patience = Patience.of(connect.timeout());
        return Mono.usingWhen(
                Mono.fromSupplier(
                        () -> connect.swarm(Target.of(torrent), network, Patience.UNLIMITED, new LineReport(err()))),
                swarm -> {
                    Mono<Void> company = store.opened() // before, the swarm neither dials nor accepts
                            .filter(PieceSet::isComplete)
                            .doOnNext(all -> listening(torrent, network.host()))
                            .flatMap(all -> new Company(swarm, patience).watch(connect::watch));
                    return Mono.firstWithSignal(
                            swarm.seed(store).onErrorMap(SwarmException.class, this::explained),
                            company.then(Mono.never()));
                },
                swarm -> swarm.close());
    }

    private Throwable explained(SwarmException e) {
        return e.reason() == SwarmException.Reason.INCOMPLETE
                ? new Failure(source.data() + " does not match the torrent: " + e.getMessage() + "; check --data")
                : e;
    }

    private void listening(Torrent torrent, SwarmHost host) {
        host.address().ifPresent(here -> out().println("seeding " + Texts.plain(torrent.name()) + " on "
                + Addresses.text(here) + ", info hash " + torrent.hashes().wire()));
    }
}
