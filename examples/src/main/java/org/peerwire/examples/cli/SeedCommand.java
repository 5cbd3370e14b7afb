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
        description = "Verifies the data of a torrent, then serves it until interrupted.",
        mixinStandardHelpOptions = true)
final class SeedCommand extends Reporting implements Callable<Integer> {

    @Parameters(paramLabel = "X.torrent", description = "The path or the http(s) URL of the torrent file.")
    private String file = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "The file or folder of the torrent, or the folder that contains it.")
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
