/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.peerwire.BlockSource;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

/** The seeds of a test, on free ports of the loopback interface. */
final class TestSeeds implements Disposable {
    private final Disposable.Composite running = Disposables.composite();

    /** Starts a seed and returns its address. */
    InetSocketAddress start(Torrent torrent, Path data) {
        return start(torrent, data, UnaryOperator.identity());
    }

    /**
     * Starts a seed and returns its address.
     *
     * @param source changes what the seed sends
     */
    InetSocketAddress start(Torrent torrent, Path data, UnaryOperator<BlockSource> source) {
        return start(torrent, data, source, SwarmSettings.accepting("127.0.0.1", 0));
    }

    InetSocketAddress start(Torrent torrent, Path data, UnaryOperator<BlockSource> source, SwarmSettings settings) {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Seeder seeder = new Seeder(torrent, data, settings, source, event -> {
            if (event instanceof SwarmEvent.Listening here) {
                listening.tryEmitValue(here.address());
            }
        });
        running.add(seeder.run().subscribe(null, listening::tryEmitError));
        return TestData.await(listening.asMono());
    }

    /** Adds what stops with the seeds. */
    void add(Disposable other) {
        running.add(other);
    }

    @Override
    public void dispose() {
        running.dispose();
    }
}
