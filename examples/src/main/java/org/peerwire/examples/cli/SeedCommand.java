/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.peerwire.examples.swarm.Addresses;
import org.peerwire.examples.swarm.Seeder;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.metadata.Torrent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "seed",
        description = "Verifies data, then serves it to other peers until interrupted.",
        mixinStandardHelpOptions = true)
final class SeedCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "X.torrent", description = "The torrent.")
    private Path file = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "Its file or folder, or the folder that is in.")
    private Path data = Path.of("");

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Override
    public Integer call() throws IOException {
        Torrent torrent = Values.torrent(file);
        new Seeder(torrent, data, connect.forSeeding(), event -> listening(torrent, event))
                .run()
                .block();
        return 0;
    }

    private void listening(Torrent torrent, SwarmEvent event) {
        if (event instanceof SwarmEvent.Listening listening) {
            out().println("seeding " + Texts.plain(torrent.name()) + " on " + Addresses.text(listening.address())
                    + ", info hash " + torrent.hashes().wire());
        }
    }
}
