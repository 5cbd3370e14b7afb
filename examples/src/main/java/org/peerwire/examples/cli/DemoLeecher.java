/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The leecher of the demo. */
final class DemoLeecher {
    private static final String NAME = "leecher";
    private static final SwarmOptions OPTIONS = SwarmOptions.builder()
            .maxWires(10)
            .patience(Patience.of(Duration.ofSeconds(10)))
            .build();

    private final Target target;
    private final Path folder;
    private final DemoReport report;

    DemoLeecher(MagnetLink link, Path folder, DemoReport report) {
        this.target = Target.of(link);
        this.folder = folder;
        this.report = report;
    }

    /** Downloads, and returns the path of the copy. */
    Path run() {
        Mono.usingWhen(
                        SwarmHost.create().listen("127.0.0.1", 0).bind().publishOn(Schedulers.boundedElastic()),
                        this::download,
                        SwarmHost::close)
                .block();
        return report.copy();
    }

    private Mono<Void> download(SwarmHost host) {
        Swarm swarm = target.swarm().host(host).options(OPTIONS).connect();
        report.introduce(NAME, swarm.peerId());
        host.address().ifPresent(here -> report.at(NAME, new CliEvent.Listening(here)));
        return new Download(target, Plan.to(folder), swarm, (torrent, path) -> true, event -> report.at(NAME, event))
                .run();
    }
}
