/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionPolicy;
import org.peerwire.PayloadMode;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.SwarmStats;
import org.peerwire.test.TestSwarm;

/** One peer of a simulation: a swarm on a host of its own. */
final class Peer {
    static final long UNKNOWN = -1;

    private final TestSwarm net;
    private final Content content;
    final Access access;
    final InetSocketAddress address;

    private @Nullable Swarm swarm;

    /** The virtual times in milliseconds, or {@link #UNKNOWN}. */
    long joined = UNKNOWN;

    long done = UNKNOWN;

    Peer(TestSwarm net, Content content, Access access) {
        this.net = net;
        this.content = content;
        this.access = access;
        this.address = net.host(access.link(net.random()));
    }

    /** Begins to listen, to dial the known peers, and to download or to seed. */
    void join(Strategy strategy, int maxWires, List<InetSocketAddress> known) {
        joined = now();
        SwarmHost host = SwarmHost.create()
                .options(net.options())
                .encryption(EncryptionPolicy.PLAINTEXT_ONLY)
                .announce(address)
                .client(client -> client.connections(net.dialler(address)));
        SwarmOptions options = SwarmOptions.builder()
                .seed(net.random().nextLong())
                .choking(strategy.choking())
                .uploadSlots(access.slots)
                .maxWires(maxWires)
                .payload(PayloadMode.POOLED)
                .build();
        Swarm made = Swarm.of(content.torrent())
                .host(host)
                .options(options)
                .peerId(net.peerId())
                .peers(known.toArray(InetSocketAddress[]::new))
                .connect();
        swarm = made;
        net.listen(address, connection -> host.accept(connection).subscribe(null, refused -> {}));
        if (access == Access.SEED) {
            made.seed(content.store(true)).subscribe(null, closed -> {});
        } else {
            made.download(content.store(false), strategy.order()).subscribe(null, this::fail, () -> done = now());
        }
    }

    private void fail(Throwable error) {
        throw new IllegalStateException("the download of " + address + " must not fail", error);
    }

    private long now() {
        return net.clock().now(TimeUnit.MILLISECONDS);
    }

    boolean hasJoined() {
        return joined != UNKNOWN;
    }

    /** Returns the seconds from its beginning to its end. */
    double seconds() {
        return (done - joined) / 1000.0;
    }

    /** Returns a snapshot of a peer that has joined. */
    SwarmStats stats() {
        AtomicReference<@Nullable SwarmStats> stats = new AtomicReference<>();
        Objects.requireNonNull(swarm).stats().subscribe(stats::set);
        return Objects.requireNonNull(stats.get(), "the clock must stand still");
    }
}
