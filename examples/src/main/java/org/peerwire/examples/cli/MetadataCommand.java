/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.Contents;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.Target;
import org.peerwire.examples.swarm.Watcher;
import org.peerwire.metadata.Torrent;
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
        connect.requirePeers(link);
        Duration deadline = connect.deadline();
        Torrent torrent = new Watcher(Target.of(Values.magnet(link)), connect.forLeeching(), event -> {})
                .metadata()
                .timeout(deadline, Mono.error(() -> tooLate(deadline)))
                .block();
        if (torrent != null) {
            Contents contents = Contents.of(torrent);
            Files.write(output, torrent.encode());
            out().println(Texts.plain("wrote " + output + ": " + torrent.name()) + ", " + Texts.bytes(contents.length())
                    + " in "
                    + Texts.count(contents.files(), "file") + " and "
                    + Texts.count(torrent.pieceCount(), "piece"));
        }
        return 0;
    }

    private static SwarmException tooLate(Duration deadline) {
        return new SwarmException("no peer sent the metadata within " + Reasons.text(deadline)
                + "; give other peers with --peer, or more time with --timeout");
    }
}
