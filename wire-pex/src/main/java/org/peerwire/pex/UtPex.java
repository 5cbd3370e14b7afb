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
 * The extension {@code ut_pex} (BEP 11): give it to a wire with {@link LocalPeer#withExtension}, then read with
 * {@link #events(Wire)} and tell with {@link #announce(Wire, Flux)}. Never used in private torrents (BEP 27).
 *
 * <pre>{@code
 * LocalPeer self = LocalPeer.of(infoHash, peerId).withExtension(UtPex.create());
 * WireClient.create().connect(address, self)
 *     .flatMapMany(UtPex::events)
 *     .subscribe(event -> log(event));
 * }</pre>
 *
 * <p>One object may serve any number of wires; it counts for all of them what was {@link #ignored()}.
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

    /** The extension with {@link PexOptions#defaults()}. */
    public static UtPex create() {
        return create(PexOptions.defaults());
    }

    /** The extension with these options, which hold for every wire it is given to. */
    public static UtPex create(PexOptions options) {
        return new UtPex(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int maxMessageLength() {
        return options.limits().maxMessageLength();
    }

    @Override
    public boolean allowedInPrivateTorrents() {
        return false;
    }

    /** The options it was made with. */
    public PexOptions options() {
        return options;
    }

    /**
     * How often something was ignored by {@link #events(Wire)} on any wire of this object; what never was is absent.
     */
    public Map<PexIgnored, Long> ignored() {
        return ignored.toMap();
    }

    /**
     * What the peer tells of other peers, from the subscription on: {@code Added} and {@code Dropped} by turns for each
     * peer, beginning with {@code Added}. Only addresses that {@link PexOptions#policy()} accepts; at most
     * {@link PexLimits#maxUnproven()} are added and not yet dropped, and {@code Dropped} comes for the oldest when
     * there are more.
     *
     * <p>Signals come on the wire's event loop. A subscriber without demand slows the peer, as with
     * {@link Wire#inbound()}. Each subscriber has a memory of its own. What is not as BEP 11 wants it is ignored and
     * {@linkplain #ignored() counted}, and so is our own end of the wire. In a private torrent nothing comes.
     *
     * @return completes when the wire ends in order, without a {@code Dropped} for the rest; fails with what else ended
     *     it, or with {@link PexException} after it has closed the wire because the peer floods us
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    public static Flux<PeerEvent> events(Wire wire) {
        return events(wire, peer -> false);
    }

    /**
     * The same for a program that knows which peers are real: those are not limited by {@link PexLimits#maxUnproven()},
     * but only by {@link PexLimits#remembered()}.
     *
     * @param proven whether somebody has been reached at an address; called on the wire's event loop for each peer that
     *     is told and those still remembered, and must not block
     */
    public static Flux<PeerEvent> events(Wire wire, Predicate<? super InetSocketAddress> proven) {
        UtPex extension = wire.extension(UtPex.class);
        return Flux.defer(() -> {
            PexInbox inbox = extension.inboxes.get(wire);
            return inbox.events(inbox.memory(proven));
        });
    }

    /**
     * The same on any source of {@code ut_pex} payloads, for {@link Flux#transform}. The sender is unknown and counts
     * as a public peer, so private and loopback addresses are refused.
     *
     * <p>Payloads are read before the call to {@code onNext} returns and are not released. Each subscription has a
     * memory of its own. Fails with {@link PexException} when the payloads come far too often.
     */
    public static Function<Flux<ByteBuf>, Flux<PeerEvent>> decoder(PexOptions options) {
        return decoder(options, UNKNOWN, reason -> {});
    }

    /**
     * The same for a known sender.
     *
     * @param teller the address of the peer that sends, which decides whether private addresses are accepted
     * @param ignored is told what is ignored, on the thread of the source
     */
    public static Function<Flux<ByteBuf>, Flux<PeerEvent>> decoder(
            PexOptions options, SocketAddress teller, Consumer<PexIgnored> ignored) {
        return source -> Flux.defer(() -> {
            PexReader reader = new PexReader(options, ignored);
            PexMemory memory = new PexMemory(options, teller, UNKNOWN, peer -> false, ignored);
            return memory.events(source.mapNotNull(reader::read));
        });
    }

    /**
     * Tells the peer of a swarm, on subscription and until the wire ends: differences only, at most one message per
     * {@link PexOptions#interval()}, the first within {@link PexOptions#gatherTime()} after there is something to tell
     * and the peer has said that it speaks {@code ut_pex}. While the peer has withdrawn it, changes are gathered; in a
     * private torrent nothing is sent.
     *
     * <p>Each peer is added once and later dropped once; one that is added and dropped in between is not mentioned.
     * What is not told: the peer's own addresses, what the peer itself has told us, what {@link PexOptions#policy()}
     * does not let pass, such as private addresses to a public peer, and peers beyond {@link PexLimits#remembered()}.
     *
     * <p>What the peer has been told is remembered until the wire ends: subscribing again, or announcing twice at the same
     * time, tells nothing twice and not sooner. Announced together are the peers that one of the swarms has; those of a
     * subscription that is cancelled are dropped, if no other has them by the next message.
     *
     * @param swarm the peers we are connected to, from any thread: {@code Added} for those there are and come, with the
     *     address they can be dialled at, {@code Dropped} for those that go; never those only heard of. When it
     *     completes the swarm stays as it is
     * @return completes when the wire ends in any way; fails when {@code swarm} fails, and leaves the wire open
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
