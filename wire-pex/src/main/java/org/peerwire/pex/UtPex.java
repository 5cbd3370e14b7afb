/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.peerwire.LocalPeer;
import org.peerwire.PerWire;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;
import org.peerwire.extension.IgnoredCounts;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The extension {@code ut_pex} (BEP 11). Add it to a wire with {@link LocalPeer#withExtension}, read with
 * {@link #events(Wire)} and send with {@link #announce(Wire, Flux)}. Sends and reads nothing in private torrents (BEP
 * 27).
 *
 * <pre>{@code
 * LocalPeer self = LocalPeer.of(infoHash, peerId).withExtension(UtPex.create());
 * WireClient.create().connect(address, self)
 *     .flatMapMany(UtPex::events)
 *     .subscribe(event -> log(event));
 * }</pre>
 *
 * <p>One object can serve any number of wires. Each message of a wire is decoded once for all subscribers, and
 * {@link #ignored()} counts the anomalies of all wires together. Thread-safe.
 */
public final class UtPex implements Extension {
    /** The name of the extension. */
    public static final String NAME = "ut_pex";

    private static final SocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

    private final PexOptions options;
    private final IgnoredCounts<PexIgnored> ignored = IgnoredCounts.of(PexIgnored.class);
    private final PerWire<PexInbox> inboxes = PerWire.of(this::inbox);
    private final PerWire<PexAnnouncer> announcers = PerWire.of(this::announcer);

    private UtPex(PexOptions options) {
        this.options = options;
    }

    /** Creates the extension with {@link PexOptions#defaults()}. */
    public static UtPex create() {
        return create(PexOptions.defaults());
    }

    /** Creates the extension with options for all its wires. */
    public static UtPex create(PexOptions options) {
        return new UtPex(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Returns {@link PexLimits#maxMessageLength()}. */
    @Override
    public int maxMessageLength() {
        return options.limits().maxMessageLength();
    }

    /** Returns false (BEP 27). */
    @Override
    public boolean allowedInPrivateTorrents() {
        return false;
    }

    /** Returns the options of the extension. */
    public PexOptions options() {
        return options;
    }

    /**
     * Returns the number of anomalies on all wires of this object, without the kinds that did not occur. An anomaly of
     * a message counts once; a refused peer counts once for each subscriber of {@link #events(Wire)}.
     */
    public Map<PexIgnored, Long> ignored() {
        return ignored.toMap();
    }

    /**
     * Returns the peers that the peer of a wire adds and drops, from the subscription on. For each peer, {@code Added}
     * and {@code Dropped} alternate, beginning with {@code Added}. Emits only addresses that
     * {@link PexOptions#policy()} accepts. If more than {@link PexLimits#maxUnproven()} peers are added, emits
     * {@code Dropped} for the oldest, with the reason {@code NO_ROOM}.
     *
     * <p>Signals come on the event loop of the wire. A subscriber without demand slows the peer down, as with
     * {@link Wire#inbound()}. Each subscriber has its own memory. Violations of BEP 11 and our own address are
     * ignored and {@linkplain #ignored() counted}. Emits nothing in a private torrent (BEP 27).
     *
     * @return completes when the wire ends in order, without {@code Dropped} for the remaining peers; fails with the
     *     error that ended the wire, or with {@link PexException} after a violation of the rate, which closes the wire
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    public static Flux<PeerEvent> events(Wire wire) {
        return events(wire, peer -> false);
    }

    /**
     * Returns the same events for a program that knows which peers exist. {@link PexLimits#maxUnproven()} does not
     * limit proven peers; {@link PexLimits#remembered()} does.
     *
     * @param proven returns true if a connection to the address succeeded; called on the event loop of the wire for
     *     each added and each remembered peer; must not block
     */
    public static Flux<PeerEvent> events(Wire wire, Predicate<? super InetSocketAddress> proven) {
        UtPex extension = wire.extension(UtPex.class);
        return Flux.defer(() -> {
            PexInbox inbox = extension.inboxes.get(wire);
            return inbox.events(inbox.memory(proven));
        });
    }

    /**
     * Returns a decoder for any source of {@code ut_pex} payloads, for {@link Flux#transform}. The unknown sender
     * counts as a public peer, so private and loopback addresses are refused.
     *
     * <p>Payloads are decoded before {@code onNext} returns and are not released. Each subscription has its own
     * memory. Fails with {@link PexException} after a violation of the rate.
     */
    public static Function<Flux<ByteBuf>, Flux<PeerEvent>> decoder(PexOptions options) {
        return decoder(options, UNKNOWN, reason -> {});
    }

    /**
     * Returns a decoder for the payloads of a known sender.
     *
     * @param teller the address of the sender, which the policy uses
     * @param ignored receives each anomaly, on the thread of the source
     */
    public static Function<Flux<ByteBuf>, Flux<PeerEvent>> decoder(
            PexOptions options, SocketAddress teller, Consumer<PexIgnored> ignored) {
        return source -> Flux.defer(() -> {
            PexReader reader = new PexReader(options, ignored);
            PexMemory memory = new PexMemory(options, teller, peer -> false, peer -> false, ignored);
            return memory.events(source.mapNotNull(reader::read));
        });
    }

    /**
     * Announces the peers of a swarm to the peer of a wire, from the subscription until the wire ends (BEP 11). A
     * message contains changes only. Messages are at least {@link PexOptions#interval()} apart. The first one is sent
     * within {@link PexOptions#gatherTime()} after the first change and the peer's extended handshake. Changes are
     * gathered while the peer does not support the extension. Nothing is sent in a private torrent (BEP 27).
     *
     * <p>Each peer is added once and dropped once; an addition and a drop between two messages cancel each other. Does
     * not announce the peer's own addresses, the peers it has sent itself, addresses that {@link PexOptions#policy()}
     * refuses, and peers above {@link PexLimits#remembered()}.
     *
     * <p>The memory of announced peers lasts until the wire ends. A second subscription, later or at the same time,
     * repeats nothing and sends no earlier. Several subscriptions announce the union of their swarms. After a
     * cancellation, peers that only that swarm has are dropped with the next message.
     *
     * @param swarm the connected peers, from any thread: {@code Added} with the address at which a peer can be
     *     dialled, {@code Dropped} after its disconnection; only peers with a connection. After its completion the
     *     swarm stays as it is
     * @return completes when the wire ends, in order or not; fails with the error of {@code swarm} and leaves the wire
     *     open
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    public static Mono<Void> announce(Wire wire, Flux<PeerEvent> swarm) {
        UtPex extension = wire.extension(UtPex.class);
        return Mono.defer(() -> extension.announcers.get(wire).announce(swarm));
    }

    private PexInbox inbox(Wire wire) {
        return new PexInbox(wire, wire.extension(NAME), options, ignored::count);
    }

    private PexAnnouncer announcer(Wire wire) {
        return new PexAnnouncer(wire, wire.extension(NAME), inboxes.get(wire), options);
    }
}
