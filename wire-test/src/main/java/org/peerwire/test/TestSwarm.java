/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A network of hosts in memory, with one virtual clock and one source of chance. Each host has a bandwidth that its
 * connections share, and a delay. All work happens on the calling thread, and time passes only with {@link #advance}.
 * The same seed and the same calls give the same {@linkplain #trace() events} at the same times.
 *
 * <pre>{@code
 * TestSwarm net = TestSwarm.create(42);
 * TestPeer seed = net.seed(shape, source, infoHash);
 * TestPeer liar = net.peer(shape, source, infoHash, PeerConduct.lying(0.1));
 * WireClient client = net.client(net.host(HostLink.of(1_000_000, 5_000_000)));
 * client.connect(seed.address(), self).subscribe(...);
 * net.advance(Duration.ofMinutes(10));
 * net.dispose();
 * }</pre>
 *
 * <p><b>Model.</b> A host has one link for each direction, which serves one packet of each connection in turn, as
 * connections of TCP in the long run. A connection holds 64 KiB to 16 MiB of unread bytes, as many as fill its way.
 * Nothing is lost, except by {@link #cut}. Not thread-safe.
 */
public final class TestSwarm implements Disposable {
    private static final int ETHERNET = 1_448;
    private static final int PORT = 6881;
    private static final int MAX_HOSTS = 1 << 24;
    private static final Duration STEP = Duration.ofMillis(1);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final Random random;
    private final int packet;
    private final Trace trace = new Trace(clock);
    private final Map<InetAddress, NetHost> hosts = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Consumer<? super Connection>> acceptors = new LinkedHashMap<>();
    private final List<Churn> churns = new ArrayList<>();
    private final WireOptions options = WireOptions.builder()
            .scheduler(new NetClock(clock))
            .encryptionScheduler(Schedulers.immediate())
            .payloadMode(PayloadMode.POOLED)
            .build();
    private int lines;

    private TestSwarm(long seed, int packet) {
        this.random = new Random(seed);
        this.packet = packet;
    }

    /** Creates a network with packets of 1,448 bytes, those of TCP over Ethernet. */
    public static TestSwarm create(long seed) {
        return create(seed, ETHERNET);
    }

    /**
     * Creates a network with packets of another size. Larger packets cost less CPU: use 16 KiB for a thousand hosts.
     *
     * @param packet the bytes that a host sends or receives of one connection before those of the next; 1 to 1 MiB
     */
    public static TestSwarm create(long seed, int packet) {
        if (packet < 1 || packet > 1024 * 1024) {
            throw new IllegalArgumentException("packet must be 1 to 1048576, was " + packet);
        }
        return new TestSwarm(seed, packet);
    }

    // ---- time and chance ----

    /** Returns the clock of the network. */
    public VirtualTimeScheduler clock() {
        return clock;
    }

    /** Returns the source of chance. Each use of it is part of the run that the seed repeats. */
    public Random random() {
        return random;
    }

    /** Returns a peer id of the seed. */
    public PeerId peerId() {
        byte[] id = new byte[PeerId.LENGTH];
        random.nextBytes(id);
        return PeerId.of(id);
    }

    /** Advances the clock, and runs all tasks that are due. */
    public TestSwarm advance(Duration time) {
        clock.advanceTimeBy(time);
        return this;
    }

    /**
     * Advances the clock by steps of 1 ms until a condition holds.
     *
     * @return the time that has passed
     * @throws AssertionError if the condition does not hold after the limit
     */
    public Duration advanceUntil(BooleanSupplier condition, Duration limit) {
        Duration passed = Duration.ZERO;
        while (!condition.getAsBoolean()) {
            if (passed.compareTo(limit) >= 0) {
                throw new AssertionError("the condition must hold within " + limit);
            }
            clock.advanceTimeBy(STEP);
            passed = passed.plus(STEP);
        }
        return passed;
    }

    /** Returns a hash of everything that the hosts have sent and of its times. Two equal runs have equal hashes. */
    public long trace() {
        return trace.hash();
    }

    // ---- hosts ----

    /** Adds a host with the {@linkplain HostLink#DEFAULT default access}, and returns its address. */
    public InetSocketAddress host() {
        return host(HostLink.DEFAULT);
    }

    /** Adds a host. Returns its address: the next one of 10.0.0.0/8, with port 6881. */
    public InetSocketAddress host(HostLink link) {
        int number = hosts.size() + 1;
        if (number >= MAX_HOSTS) {
            throw new IllegalStateException("hosts must be fewer than " + MAX_HOSTS);
        }
        byte[] ip = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        InetSocketAddress address = new InetSocketAddress(inet(ip), PORT);
        hosts.put(address.getAddress(), new NetHost(address, link, clock, packet));
        return address;
    }

    private static InetAddress inet(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns a function that dials from a host, for {@link WireClient#connections}. A dial takes one round trip. It
     * fails with {@link java.net.ConnectException} if nobody listens or this host is cut, and after 30 s if a host is
     * silent or the other is cut.
     */
    public Function<SocketAddress, Mono<Connection>> dialler(InetSocketAddress from) {
        NetHost host = known(from);
        return to -> Mono.create(sink -> new NetDial(this, host, (InetSocketAddress) to, sink).start());
    }

    /** Returns a client that dials from a host with the {@link #options()} of this network. */
    public WireClient client(InetSocketAddress from) {
        return WireClient.create().options(options).connections(dialler(from));
    }

    /**
     * Listens on an address of a host: its own, or its own with another port. Listening goes on while the host is cut.
     *
     * @param acceptor gets each incoming connection, which it owns
     * @return stops listening; open connections remain
     * @throws IllegalStateException if the address is in use
     */
    public Disposable listen(InetSocketAddress address, Consumer<? super Connection> acceptor) {
        known(address);
        if (acceptors.putIfAbsent(address, acceptor) != null) {
            throw new IllegalStateException("address must be free, was " + address);
        }
        return () -> acceptors.remove(address, acceptor);
    }

    /** Returns the number of open connections of a host. */
    public int connections(InetSocketAddress host) {
        return known(host).connections();
    }

    /**
     * Takes a host off the network until {@link #restart}: both ends of its connections see a reset, and no dial to it
     * or from it succeeds.
     */
    public void cut(InetSocketAddress host) {
        trace.add(host.hashCode(), 0);
        known(host).cut();
    }

    /**
     * Silences a host until {@link #restart}: its connections stay open, but no byte passes from it or to it. Dials get
     * no answer.
     */
    public void silence(InetSocketAddress host) {
        known(host).silence();
    }

    /** Ends {@link #cut} and {@link #silence}. Bytes that a silent host has held back pass now. */
    public void restart(InetSocketAddress host) {
        trace.add(host.hashCode(), 1);
        known(host).restart();
    }

    /**
     * Cuts and restarts hosts at random times, independently of each other. The times have exponential distributions.
     *
     * @param up the mean time that a host stays
     * @param down the mean time that a host is cut
     * @return stops this; hosts that are cut at that moment remain so
     */
    public Disposable churn(Collection<InetSocketAddress> hosts, Duration up, Duration down) {
        Churn churn = new Churn(this, new Random(random.nextLong()), up, down);
        hosts.forEach(churn::start);
        churns.add(churn);
        return churn;
    }

    // ---- peers ----

    /**
     * Returns the options of wires in this network: its clock, no other thread, and {@link PayloadMode#POOLED}. Change
     * them with {@link WireOptions#mutate()}.
     */
    public WireOptions options() {
        return options;
    }

    /** Adds a peer with all pieces on a new host, which unchokes and serves every peer. */
    public TestPeer seed(TorrentShape shape, BlockSource source, InfoHash infoHash) {
        return peer(shape, source, infoHash, PeerConduct.honest());
    }

    /** Adds a peer with another conduct on a new host with the default access. */
    public TestPeer peer(TorrentShape shape, BlockSource source, InfoHash infoHash, PeerConduct conduct) {
        return peer(shape, source, infoHash, conduct, HostLink.DEFAULT);
    }

    /**
     * Adds a peer on a new host. It listens, and says that it has all pieces.
     *
     * @param source the correct blocks; a {@link TestPeer#source} reads them from an array
     */
    public TestPeer peer(
            TorrentShape shape, BlockSource source, InfoHash infoHash, PeerConduct conduct, HostLink link) {
        InetSocketAddress address = host(link);
        LocalPeer self = LocalPeer.of(infoHash, peerId()).withShape(shape).withListenPort(address.getPort());
        return new TestPeer(this, address, self, source, conduct);
    }

    /** Ends the network: resets all connections and stops listening. */
    @Override
    public void dispose() {
        churns.forEach(Churn::dispose);
        acceptors.clear();
        hosts.values().forEach(NetHost::cut);
    }

    // ---- for its parts ----

    /** Returns the host with the IP address, or null. */
    @Nullable
    NetHost hostOf(InetSocketAddress address) {
        return address.getAddress() == null ? null : hosts.get(address.getAddress());
    }

    private NetHost known(InetSocketAddress address) {
        NetHost host = hostOf(address);
        if (host == null) {
            throw new IllegalArgumentException("address must be one of this network, was " + address);
        }
        return host;
    }

    @Nullable
    Consumer<? super Connection> acceptor(InetSocketAddress address) {
        return acceptors.get(address);
    }

    Trace events() {
        return trace;
    }

    int nextLine() {
        return lines++;
    }

    int packet() {
        return packet;
    }
}
