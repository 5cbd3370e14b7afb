/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmBuilder;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The seeds of a test, on free ports of the loopback interface. */
public final class TestSeeds implements Disposable {
    private final Disposable.Composite running = Disposables.composite();

    /** Starts a seed and returns its address. */
    public InetSocketAddress start(Torrent torrent, Path data) {
        return start(torrent, data, UnaryOperator.identity());
    }

    /** Starts a seed that sends at most this number of bytes per second, and returns its address. */
    public InetSocketAddress start(Torrent torrent, Path data, long bytesPerSecond) {
        SwarmOptions options =
                SwarmOptions.builder().upload(RateLimit.of(bytesPerSecond)).build();
        return start(torrent, data, swarm -> swarm.options(options));
    }

    /**
     * Starts a seed and returns its address.
     *
     * @param change changes its swarm
     */
    public InetSocketAddress start(Torrent torrent, Path data, UnaryOperator<SwarmBuilder> change) {
        SwarmHost host =
                TestData.await(SwarmHost.create().listen("127.0.0.1", 0).bind());
        Swarm swarm = change.apply(Swarm.of(torrent).host(host)).connect();
        running.add(swarm);
        running.add(() -> host.close().subscribe());
        Sinks.One<Integer> accepting = Sinks.one();
        running.add(swarm.seed(FileStore.existing(data)).subscribe(null, accepting::tryEmitError));
        Mono<Integer> registered = Mono.fromCallable(host::swarms)
                .filter(swarms -> swarms > 0)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)));
        TestData.await(Mono.firstWithSignal(registered, accepting.asMono()));
        return host.address().orElseThrow();
    }

    @Override
    public void dispose() {
        running.dispose();
    }
}
