/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.discovery.internal.dht.Datagrams;
import org.peerwire.discovery.internal.dht.Engine;
import org.peerwire.discovery.internal.dht.Family;
import org.peerwire.discovery.internal.dht.Membership;
import org.peerwire.discovery.internal.dht.NodeId;
import org.peerwire.discovery.internal.dht.Operations;
import org.peerwire.discovery.internal.dht.PeersFlux;
import org.peerwire.discovery.internal.dht.SamplesFlux;
import org.peerwire.discovery.internal.dht.UdpDatagrams;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmStats;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A node of the distributed hash table of BitTorrent (BEP 5), of IPv4 and IPv6 (BEP 32). It finds peers of a torrent by
 * its info hash alone, and answers the questions of others in turn.
 *
 * <pre>{@code
 * Dht dht = Dht.create(DhtOptions.defaults());
 * Swarm swarm = Swarm.of(magnet).discover(dht).connect();
 * }</pre>
 *
 * <p>One node serves any number of swarms. Nothing happens before the first operation, which starts the node. From then
 * on it works until {@link #close()}. Thread-safe. Publishers signal on the thread of the node, where a subscriber must
 * not block.
 *
 * <p>A private torrent never uses it (BEP 27). Whatever others tell is bounded and checked, but it is a claim of
 * strangers: an address may belong to anybody.
 */
public final class Dht implements Discovery {
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final Duration SHORT_INTERVAL = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
    private static final long MAX_DOUBLINGS = 8;
    private static final int FEW_WIRES = 4;

    private final Engine engine;
    private final Operations operations;

    private Dht(DhtOptions options, Datagrams datagrams) {
        this.engine = new Engine(options, datagrams);
        this.operations = new Operations(engine);
    }

    /** Returns a node that has not started. */
    public static Dht create(DhtOptions options) {
        return new Dht(options, new UdpDatagrams());
    }

    static Dht create(DhtOptions options, Datagrams datagrams) {
        return new Dht(options, datagrams);
    }

    /**
     * Opens the sockets and asks the bootstrap nodes, on the first subscription. Every operation does so by itself.
     *
     * @return this node, when the first bootstrap has ended, with nodes or without. Fails with {@link DhtException}
     *     NO_SOCKET, after which another start tries again, or CLOSED
     */
    public Mono<Dht> start() {
        return engine.start().thenReturn(this);
    }

    /**
     * Returns the peers of a torrent, each once, as they are found. Looks them up once for each subscription. Without
     * demand no node is asked. Of one lookup at most 2,000 peers are emitted.
     *
     * @return completes when the closest nodes have answered, usually within ten seconds. Fails with
     *     {@link DhtException} as {@link #start()}, or CLOSED. A cancellation stops the lookup
     */
    public Flux<PeerEvent> peers(InfoHash hash) {
        return events(new PeersFlux(engine, id(hash), null));
    }

    /**
     * Announces on subscription that this host is a peer of a torrent. Others forget it after some time: repeat it every
     * 15 to 30 minutes.
     *
     * @param port the port that accepts wires, 1 to 65,535
     * @return completes when the closest nodes have answered. Fails with {@link DhtException} NO_NODES if none of them
     *     has accepted, or as {@link #start()}
     * @throws IllegalArgumentException for a port outside the range
     */
    public Mono<Void> announce(InfoHash hash, int port) {
        return operations.announce(id(hash), new Membership(checked(port), false));
    }

    /**
     * Counts the peers of a torrent on subscription (BEP 33).
     *
     * @return the sum over the closest nodes. Fails with {@link DhtException} as {@link #start()}, or CLOSED
     */
    public Mono<DhtScrape> scrape(InfoHash hash) {
        return operations.scrape(id(hash));
    }

    /**
     * Returns info hashes that other nodes store, as they are found (BEP 51). Walks from node to node, in no order, and
     * asks each once. Most nodes do not answer this question. Without demand no node is asked.
     *
     * @param maxNodes the maximum number of nodes to ask, 1 to 100,000
     * @return completes when the nodes have been asked. An info hash is repeated only after 10,000 others. Fails with
     *     {@link DhtException} as {@link #start()}, or CLOSED
     * @throws IllegalArgumentException for a number outside the range
     */
    public Flux<InfoHash> samples(int maxNodes) {
        if (maxNodes < 1 || maxNodes > 100_000) {
            throw new IllegalArgumentException("maxNodes must be 1 to 100000, was " + maxNodes);
        }
        return new SamplesFlux(engine, maxNodes);
    }

    /**
     * Pings an address that could be a node, such as one that a torrent file names, and uses it if it answers. A local
     * address is ignored unless {@link DhtOptions#allowLocal()}, an unresolved one always. Does not start the node.
     */
    public void learn(InetSocketAddress node) {
        engine.learn(node);
    }

    /** Returns a snapshot. Does not start the node. */
    public Mono<DhtStats> stats() {
        return engine.stats();
    }

    /**
     * Returns the events from the subscription on. A subscriber that is slower than the events loses the oldest beyond
     * 1,024. Completes when the node is closed. Does not start the node.
     */
    public Flux<DhtEvent> events() {
        return engine.events();
    }

    /** Returns the addresses of the open sockets; empty before the start. */
    public Mono<List<InetSocketAddress>> addresses() {
        return engine.addresses();
    }

    /** Returns our ids and the known nodes, at most 512 of each family, for {@link #restore}. */
    public Mono<byte[]> save() {
        return engine.save();
    }

    /**
     * Lets the start begin with the result of {@link #save()}: no bootstrap node is needed. A node that has started asks
     * them when it has almost no nodes left, and keeps its own id.
     *
     * @throws IllegalArgumentException if the bytes are malformed or more than 64 KiB
     */
    public void restore(byte[] saved) {
        engine.restore(saved);
    }

    /**
     * Ends all operations with CLOSED, and closes the sockets, on subscription.
     *
     * @return completes when the ports are free; never fails
     */
    public Mono<Void> close() {
        return engine.close();
    }

    @Override
    public PeerSource source() {
        return PeerSource.DHT;
    }

    /**
     * Looks up the peers of a swarm, and announces its port, for each of its info hashes: at once, and then every 15
     * minutes, or every five while it has fewer than four wires. While it has none, the first lookups are repeated after
     * 15 s, 30 s, 60 s and so on: the others may have just begun. Does not announce without a port. Starts the swarm.
     * Never completes.
     */
    @Override
    public Flux<PeerEvent> peers(Swarm swarm) {
        return SwarmHashes.of(swarm).flatMap(hash -> lookUp(swarm, hash)
                .repeatWhen(ends -> ends.index().concatMap(end -> pause(swarm, end.getT1()))));
    }

    private Flux<PeerEvent> lookUp(Swarm swarm, InfoHash hash) {
        return swarm.stats().flatMapMany(stats -> events(new PeersFlux(engine, id(hash), membership(swarm, stats))));
    }

    private static @Nullable Membership membership(Swarm swarm, SwarmStats stats) {
        boolean seed = stats.totalBytes() > 0 && stats.bytes() == stats.totalBytes();
        return swarm.port() == 0 ? null : new Membership(swarm.port(), seed);
    }

    private Mono<Long> pause(Swarm swarm, long lookups) {
        return swarm.stats()
                .map(stats -> pause(stats.wires(), lookups))
                .flatMap(pause -> Mono.delay(pause, engine.scheduler()));
    }

    /** Returns the time to the next lookup, after this one and a number of earlier ones. */
    private static Duration pause(int wires, long lookups) {
        if (wires >= FEW_WIRES) {
            return INTERVAL;
        }
        Duration first = FIRST_PAUSE.multipliedBy(1L << Math.min(lookups, MAX_DOUBLINGS));
        return wires == 0 && first.compareTo(SHORT_INTERVAL) < 0 ? first : SHORT_INTERVAL;
    }

    @Override
    public Features features() {
        return Features.of(Feature.DHT);
    }

    /**
     * Sends our port to a peer that has the DHT feature, and learns the node of the peer from its port message (BEP 5).
     * Does neither on a wire of a private torrent.
     */
    @Override
    public Publisher<Void> handle(Wire wire) {
        if (!wire.features().has(Feature.DHT)
                || wire.torrent().map(TorrentShape::isPrivate).orElse(false)
                || !(wire.remoteAddress() instanceof InetSocketAddress remote)
                || remote.isUnresolved()) {
            return Mono.empty();
        }
        Flux<Message> ports = wire.inbound().doOnNext(message -> learn(wire, remote.getAddress(), message));
        return ports.then().and(tellPort(wire, Family.of(remote)));
    }

    private void learn(Wire wire, InetAddress address, Message message) {
        boolean secret = wire.torrent().map(TorrentShape::isPrivate).orElse(false);
        if (!secret && message instanceof Message.Port port && port.port() != 0) {
            learn(new InetSocketAddress(address, port.port()));
        }
    }

    private Mono<Void> tellPort(Wire wire, Family family) {
        return start().then(addresses())
                .flatMapIterable(all -> all)
                .filter(local -> Family.of(local) == family)
                .next()
                .flatMap(local -> wire.outbound().send(new Message.Port(local.getPort())));
    }

    private static Flux<PeerEvent> events(Flux<InetSocketAddress> peers) {
        return peers.map(PeerEvent.Added::new);
    }

    private static NodeId id(InfoHash hash) {
        return NodeId.of(hash.bytes());
    }

    private static int checked(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535, was " + port);
        }
        return port;
    }
}
