/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.Seeder;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.examples.swarm.Throttle;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

/** The seeds of the demo: a chain in which each seed dials only the next. */
final class DemoSeeds implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(10);

    private final Torrent torrent;
    private final Path data;
    private final long rate;
    private final DemoReport report;
    private final Disposable.Composite running = Disposables.composite();

    DemoSeeds(Torrent torrent, Path data, long rate, DemoReport report) {
        this.torrent = torrent;
        this.data = data;
        this.rate = rate;
        this.report = report;
    }

    /** Starts the seeds from the last to the first, and returns the address of the first. */
    List<InetSocketAddress> start(String... names) {
        List<InetSocketAddress> next = List.of();
        for (int i = names.length - 1; i >= 0; i--) {
            next = List.of(start(names[i], next));
        }
        return next;
    }

    private InetSocketAddress start(String name, List<InetSocketAddress> peers) {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        SwarmEvent.Listener listener = event -> {
            if (event instanceof SwarmEvent.Listening here) {
                listening.tryEmitValue(here.address());
            }
            report.at(name, event);
        };
        SwarmSettings settings = SwarmSettings.accepting(HOST, 0).withPeers(peers);
        Seeder seeder = new Seeder(torrent, data, settings, source -> new Throttle(source, rate), listener);
        report.introduce(name, seeder.peerId());
        running.add(seeder.run().subscribe(null, listening::tryEmitError));
        InetSocketAddress address = listening.asMono().block(START);
        if (address == null) {
            throw new SwarmException("seed " + name + " did not start within " + Reasons.text(START));
        }
        return address;
    }

    @Override
    public void close() {
        running.dispose();
    }
}
