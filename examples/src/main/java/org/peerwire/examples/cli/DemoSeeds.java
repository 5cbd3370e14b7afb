/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The seeds of the demo: a chain in which each seed knows only the next at first. */
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
        SwarmHost host = SwarmHost.create().listen(HOST, 0).bind().block(START);
        if (host == null) {
            throw new Failure("seed " + name + " did not start within " + Reasons.text(START));
        }
        running.add(() -> host.close().subscribe());
        SwarmOptions options = SwarmOptions.builder().upload(RateLimit.of(rate)).build();
        Swarm swarm = Swarm.of(torrent).host(host).options(options).peers(peers).connect();
        running.add(swarm);
        report.introduce(name, swarm.peerId());
        InetSocketAddress address = host.address().orElseThrow();
        report.at(name, new CliEvent.Listening(address));
        WatchedStore store = new WatchedStore(FileStore.existing(data));
        running.add(swarm.seed(store).subscribe(null, e -> report.say("seed " + name + " failed: " + Advice.text(e))));
        store.opened().block(START);
        running.add(swarm.events().subscribe(event -> report.at(name, new CliEvent.OfSwarm(event))));
        return address;
    }

    @Override
    public void close() {
        running.dispose();
    }
}
