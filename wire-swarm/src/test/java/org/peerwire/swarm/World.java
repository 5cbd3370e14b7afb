/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.peerwire.EncryptionPolicy;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.test.HostLink;
import org.peerwire.test.TestSwarm;
import reactor.core.publisher.Mono;

/**
 * Swarms and puppets of one torrent on hosts in memory, with one virtual clock, one random seed and one thread. The
 * close asserts that the swarms have left nothing open.
 */
final class World implements AutoCloseable {
    /** An access that sends a block in 16 ms, and receives 16 times as fast. */
    static final HostLink LINK = HostLink.of(1_000_000, 16_000_000);

    private static final Duration END = Duration.ofSeconds(5);
    private static final int PACKET = 4 * 1024;

    final TestSwarm net;
    final Torrent torrent;
    final byte[] content;

    /** The dials of all swarms, in their order. */
    final List<Dial> dials = new ArrayList<>();

    /** The access of the swarms under test that are added later. */
    HostLink leechLink = HostLink.of(16_000_000, 16_000_000);

    private final List<Swarm> swarms = new ArrayList<>();
    private final List<SwarmHost> hosts = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    /** A dial of a swarm, with the virtual time in milliseconds at which it began. */
    record Dial(long at, InetSocketAddress from, InetSocketAddress to) {}

    /** A host for swarms, and its address. */
    record Machine(InetSocketAddress address, SwarmHost host) {}

    /**
     * Creates a world without peers.
     *
     * @param seed the seed of all random choices
     * @param pieces the number of pieces
     * @param blocks the number of blocks of each piece
     */
    World(long seed, int pieces, int blocks) {
        this(seed, pieces, blocks, false);
    }

    /** Creates a world without peers, whose torrent may be private. */
    World(long seed, int pieces, int blocks, boolean isPrivate) {
        this(TestSwarm.create(seed, PACKET), pieces, blocks, isPrivate);
    }

    private World(TestSwarm net, int pieces, int blocks, boolean isPrivate) {
        this.net = net;
        int length = blocks * BlockRequest.BLOCK_LENGTH;
        this.content = TestTorrents.bytes(pieces * length);
        this.torrent = TestTorrents.of(content, length, isPrivate);
    }

    /** Returns another torrent on the same network. Close it first, which ends the network too. */
    World another(int pieces, int blocks) {
        return new World(net, pieces, blocks, false);
    }

    // ---- peers ----

    /** Adds a puppet with all pieces, which serves every request. */
    Puppet puppet() {
        return puppet(LINK);
    }

    /** Adds a puppet with all pieces and another access. */
    Puppet puppet(HostLink link) {
        return new Puppet(this, host(link));
    }

    /** Adds puppets with the same answer to each request. */
    List<Puppet> puppets(int count, Puppet.Answer answer) {
        List<Puppet> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(puppet().answer(answer));
        }
        return all;
    }

    /** Adds an honest swarm with all pieces. Returns its address. */
    InetSocketAddress seed() {
        InetSocketAddress address = host(LINK);
        swarm(address, SwarmOptions.builder(), Swarm.of(torrent))
                .seed(new BytesStore(content))
                .subscribe(null, closed -> {});
        return address;
    }

    /** Adds a swarm that knows these peers and has not begun. */
    Collected leech(List<InetSocketAddress> peers) {
        return leech(SwarmOptions.builder(), peers);
    }

    /** Adds a swarm that knows these puppets and has not begun. */
    Collected leech(Puppet... peers) {
        return leech(Arrays.stream(peers).map(peer -> peer.address).toList());
    }

    /** Adds a swarm with other options, whose seed is that of this world. */
    Collected leech(SwarmOptions.Builder options, List<InetSocketAddress> peers) {
        return leech(options, Swarm.of(torrent).peers(peers));
    }

    /** Adds a swarm of a builder that has no host and no options. */
    Collected leech(SwarmOptions.Builder options, SwarmBuilder builder) {
        InetSocketAddress address = host(leechLink);
        return new Collected(this, address, swarm(address, options, builder));
    }

    /** Adds a swarm on a host that may have others, which knows these peers and has not begun. */
    Collected leech(Machine machine, SwarmOptions.Builder options, List<InetSocketAddress> peers) {
        return new Collected(
                this,
                machine.address,
                swarm(machine.host, options, Swarm.of(torrent).peers(peers)));
    }

    private Swarm swarm(InetSocketAddress address, SwarmOptions.Builder options, SwarmBuilder builder) {
        return swarm(swarmHost(address, RateLimit.unlimited()), options, builder);
    }

    /** Adds a host for swarms that receive at most at a rate together. */
    Machine machine(RateLimit download) {
        InetSocketAddress address = host(leechLink);
        return new Machine(address, swarmHost(address, download));
    }

    private SwarmHost swarmHost(InetSocketAddress address, RateLimit download) {
        SwarmHost host = SwarmHost.create()
                .options(net.options())
                .encryption(EncryptionPolicy.PLAINTEXT_ONLY)
                .announce(address)
                .download(download)
                .client(client -> client.connections(to -> Mono.defer(() -> {
                    dials.add(new Dial(now(), address, (InetSocketAddress) to));
                    return net.dialler(address).apply(to);
                })));
        net.listen(address, connection -> host.accept(connection).subscribe(null, refused -> {}));
        hosts.add(host);
        return host;
    }

    private Swarm swarm(SwarmHost host, SwarmOptions.Builder options, SwarmBuilder builder) {
        Swarm swarm = builder.host(host)
                .options(options.seed(net.random().nextLong()).build())
                .peerId(net.peerId())
                .connect();
        swarms.add(swarm);
        return swarm;
    }

    private InetSocketAddress host(HostLink link) {
        InetSocketAddress address = net.host(link);
        addresses.add(address);
        return address;
    }

    // ---- time ----

    /** Returns the virtual time in milliseconds. */
    long now() {
        return net.clock().now(TimeUnit.MILLISECONDS);
    }

    /** Advances the clock. */
    void advance(Duration time) {
        net.advance(time);
    }

    /**
     * Advances the clock until a condition holds. Returns the time that has passed.
     *
     * @throws AssertionError if the condition does not hold after the limit
     */
    Duration advanceUntil(BooleanSupplier condition, Duration limit) {
        return net.advanceUntil(condition, limit);
    }

    // ---- the end ----

    /** Closes all swarms, and asserts that no connection and no wire is left. */
    @Override
    public void close() {
        swarms.forEach(swarm -> swarm.close().subscribe());
        net.advance(END);
        addresses.forEach(address -> assertThat(net.connections(address))
                .as("open connections of " + address)
                .isZero());
        hosts.forEach(host -> assertThat(host.wires()).as("open wires").isZero());
        hosts.forEach(host -> assertThat(host.swarms()).as("open swarms").isZero());
        net.dispose();
    }
}
