/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Reasons;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

@Command(
        name = "metadata",
        description = "Fetches the metadata of a magnet link and writes a torrent file.",
        mixinStandardHelpOptions = true)
final class MetadataCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "MAGNET", description = "The magnet link or the info hash of the torrent.")
    private String link = "";

    @Option(names = "-o", required = true, paramLabel = "X.torrent", description = "The torrent file to write.")
    private Path output = Path.of("");

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        Target target = Target.of(Values.magnet(link));
        Duration deadline = connect.deadline();
        Torrent torrent = Mono.usingWhen(
                        connect.network(false, RateOptions.NONE, List.of(target)),
                        network -> fetch(target, network),
                        Network::close)
                .timeout(deadline, Mono.error(() -> tooLate(deadline)))
                .block();
        if (torrent != null) {
            Files.write(output, torrent.encode());
            out().println(Texts.plain("wrote " + output + ": " + torrent.name()) + ", "
                    + Texts.bytes(torrent.contentLength())
                    + " in "
                    + Texts.count(torrent.contentFiles().size(), "file") + " and "
                    + Texts.count(torrent.pieceCount(), "piece"));
        }
        return 0;
    }

    private Mono<Torrent> fetch(Target target, Network network) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> connect.swarm(target, network, connect.patience(), new LineReport(err()))),
                swarm -> Mono.firstWithSignal(
                        swarm.torrent(), swarm.events().doOnNext(connect::watch).then(Mono.never())),
                swarm -> swarm.close());
    }

    private static Failure tooLate(Duration deadline) {
        return new Failure("no peer sent the metadata within " + Reasons.text(deadline)
                + "; give other peers with --peer, or more time with --timeout");
    }
}
