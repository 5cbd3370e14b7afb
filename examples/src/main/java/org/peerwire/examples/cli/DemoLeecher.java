/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.peerwire.examples.swarm.Downloader;
import org.peerwire.examples.swarm.Patience;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.examples.swarm.Target;
import org.peerwire.metadata.MagnetLink;

/** The leecher of the demo. */
final class DemoLeecher {
    private static final String NAME = "leecher";
    private static final Patience PATIENCE = Patience.of(Duration.ofSeconds(10));
    private static final int MAX_PEERS = 10;

    private final Downloader downloader;

    DemoLeecher(MagnetLink link, Path folder, DemoReport report) {
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0)
                .withDiscovering(true)
                .withMaxPeers(MAX_PEERS)
                .withPatience(PATIENCE);
        this.downloader = new Downloader(Target.of(link), folder, settings, event -> report.at(NAME, event));
        report.introduce(NAME, downloader.peerId());
    }

    /** Downloads, and returns the path of the copy. */
    Path run() {
        SwarmEvent.Completed completed = downloader.run().block();
        if (completed == null) {
            throw new SwarmException("the download ended before it was complete");
        }
        return completed.path();
    }
}
