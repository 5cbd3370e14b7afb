/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Peer exchange for all wires of one torrent: tells each of the others, and gathers what they tell.
 *
 * <pre>{@code
 * PexSwarm swarm = PexSwarm.create(PexOptions.defaults());
 * server.handle(wire -> { swarm.join(wire); return wire.onClose(); });
 * swarm.candidates(CanonicalPriority.comparator(self))
 *     .flatMap(found -> client.connect(found.peer(), local).doOnNext(swarm::join).onErrorComplete(), 8)
 *     .subscribe();
 * }</pre>
 *
 * <p><b>Threads.</b> Every method may be called from any thread. Signals come one after another on the thread that
 * brings the change, mostly the event loop of a wire: use {@code publishOn} before anything that blocks. A slow
 * subscriber holds up nobody and misses only what has cancelled out meanwhile.
 *
 * <p><b>End.</b> {@link #dispose()} lets go of the wires, which stay open, and completes every publisher.
 */
public final class PexSwarm implements Disposable {
    private final PexOptions options;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Mailbox mailbox = new Mailbox();
    private final WireMembers<Membership> wires = new WireMembers<>(mailbox);

    /** Where the peers of our wires can be dialled. Written in the mailbox only, read by what listens to the wires. */
    private final Map<InetSocketAddress, Integer> wiresTo = new ConcurrentHashMap<>();

    // Touched in the mailbox only.
    private final Hearsay<Membership> hearsay;
    private final Roster members = new Roster(mailbox);
    private final Roster heard = new Roster(mailbox);

    private PexSwarm(PexOptions options) {
        this.options = options;
        this.hearsay = new Hearsay<>(options.limits().maxKnown());
    }

    /** A swarm without wires. The options of each wire's {@link UtPex} hold for what is sent and taken on that wire. */
    public static PexSwarm create(PexOptions options) {
        return new PexSwarm(options);
    }

    /**
     * Takes a wire in until it ends: listens to what it tells and, unless {@link PexOptions#telling()} is off, tells it
     * of the other wires and them of it. Best called in the operator that emits the wire.
     *
     * <p>Of the peers it tells of, those count as proven that another wire of the swarm leads to, as long as it does:
     * see {@link PexLimits#maxUnproven()}.
     *
     * <p>Others are told the address we have dialled or, when the peer has dialled us, its address with the port it
     * says it listens on; without one it is not mentioned. A wire of a torrent known to be private is left alone, as is
     * one that is in already, and every wire once the swarm is disposed of. A wire whose torrent becomes known as private
     * later leaves the swarm.
     *
     * @return takes the wire out again, which stays open
     * @throws IllegalArgumentException if the wire does not have the extension {@link UtPex}, or is of another torrent
     *     than the wires before it
     */
    public Disposable join(Wire wire) {
        return wires.join(new Membership(wire));
    }

    /**
     * The peers the wires tell of, whether or not we have a wire to them: first those known, then each change. A peer
     * is {@code Added} when the first wire tells of it and {@code Dropped} when the last one that did has dropped it or
     * is gone, or when it has to make room: at most {@link PexLimits#maxKnown()} are known. {@link #tellers} says
     * who vouches for one.
     *
     * @return never fails; completes when the swarm is disposed of
     */
    public Flux<PeerEvent> events() {
        return heard.flux();
    }

    /**
     * The wires whose peers tell of this peer now; so a program can hold against them what comes of dialling it. Empty
     * if nobody does, or when the peer had to make room.
     *
     * @return never fails
     */
    public Mono<Set<Wire>> tellers(InetSocketAddress peer) {
        return Mono.create(sink -> mailbox.post(() -> sink.success(hearsay.tellers(peer).stream()
                .map(membership -> membership.wire)
                .collect(Collectors.toUnmodifiableSet()))));
    }

    /**
     * The peers of the wires that can be dialled, which is what the others are told: first those there are, then each
     * change; {@code Added} again when the flags change.
     *
     * @return never fails; completes when the swarm is disposed of
     */
    public Flux<PeerEvent> members() {
        return members.flux();
    }

    /**
     * Peers to dial: those heard of, without those we have a wire to, each once per time it is added, the best first,
     * and {@link PexOptions#dialRate()} a second on average, at uneven intervals. Demand that is not there is not made
     * up for.
     *
     * @param order the best first, such as {@link CanonicalPriority#comparator}
     * @return never fails; completes when the swarm is disposed of
     */
    public Flux<Added> candidates(Comparator<? super InetSocketAddress> order) {
        return CandidateQueue.candidates(events(), members(), order, options).takeUntilOther(closed.asMono());
    }

    /** Takes all wires out, which stay open, and completes every publisher. */
    @Override
    public void dispose() {
        wires.dispose();
        mailbox.post(() -> {
            members.close();
            heard.close();
        });
        closed.tryEmitEmpty();
    }

    @Override
    public boolean isDisposed() {
        return wires.isDisposed();
    }

    /** Returns true if no wire and no peer is kept. For tests; call it while the mailbox is idle. */
    boolean isEmpty() {
        return wires.all().isEmpty() && wiresTo.isEmpty() && hearsay.isEmpty();
    }

    // ---- in the mailbox ----

    private void tell(Membership membership, PeerEvent event) {
        if (membership.isPresent()) {
            hearsay.tell(membership, event).forEach(heard::publish);
        }
    }

    /** Looks again at where the peer can be dialled and what it is. */
    private void review(Membership membership) {
        if (!membership.isPresent()) {
            return;
        }
        if (PrivateTorrents.isPrivate(membership.wire)) {
            membership.dispose();
            return;
        }
        ExtendedHandshake handshake = membership.handshake;
        Optional<InetSocketAddress> address = handshake == null
                ? PeerAddresses.dialled(membership.wire)
                : PeerAddresses.listening(membership.wire, handshake);
        address.ifPresent(known -> present(membership, new Added(known, flags(membership))));
    }

    private void present(Membership membership, Added now) {
        Added before = membership.presented;
        if (now.equals(before)) {
            return;
        }
        if (before == null || !before.peer().equals(now.peer())) {
            withdraw(membership);
            wiresTo.merge(now.peer(), 1, Integer::sum);
        }
        membership.presented = now;
        members.publish(now);
    }

    private void withdraw(Membership membership) {
        Added before = membership.presented;
        membership.presented = null;
        if (before != null) {
            wiresTo.computeIfPresent(before.peer(), (peer, wires) -> wires > 1 ? wires - 1 : null);
            if (!wiresTo.containsKey(before.peer())) {
                members.publish(new Dropped(before.peer()));
            }
        }
    }

    private static PexFlags flags(Membership membership) {
        Wire wire = membership.wire;
        ExtendedHandshake handshake = membership.handshake;
        PexFlags flags = wire.initiator() ? PexFlags.NONE.withReachable() : PexFlags.NONE;
        boolean saysSo = handshake != null && handshake.prefersEncryption();
        if (saysSo || wire.encryption().isPresent()) {
            flags = flags.withPrefersEncryption();
        }
        if (handshake != null && handshake.supports(UtHolepunch.NAME)) {
            flags = flags.withHolepunch();
        }
        boolean uploadOnly = handshake != null && handshake.uploadOnly();
        return uploadOnly || membership.hasAllPieces() ? flags.withSeed() : flags;
    }

    /** One wire in the swarm. */
    private final class Membership extends WireMembers.Member {
        private final Flux<PeerEvent> told;
        private @Nullable ExtendedHandshake handshake;
        private @Nullable Added presented;

        /** The number of pieces from the first on that the peer is known to have. */
        private int pieces;

        Membership(Wire wire) {
            super(wires, wire);
            this.told = UtPex.events(wire, wiresTo::containsKey);
        }

        @Override
        void subscribe() {
            keep(told.onErrorComplete().subscribe(event -> mailbox.post(() -> tell(this, event))));
            keep(wire.extendedHandshakes()
                    .onErrorComplete()
                    .subscribe(latest -> mailbox.post(() -> {
                        handshake = latest;
                        review(this);
                    })));
            keep(wire.inbound()
                    .map(Message::type)
                    .filter(Membership::tellsPieces)
                    .onErrorComplete()
                    .subscribe(type -> mailbox.post(() -> {
                        pieces = type == MessageType.BITFIELD ? 0 : pieces;
                        review(this);
                    })));
            keep(wire.states().onErrorComplete().subscribe(state -> mailbox.post(() -> review(this))));
            if (wire.torrent().isEmpty()) {
                keep(awaitTorrent().subscribe(tick -> mailbox.post(() -> review(this))));
            }
            if (options.telling()) {
                keep(UtPex.announce(wire, members.flux()).onErrorComplete().subscribe());
            }
        }

        @Override
        void onEnter() {
            review(this);
        }

        @Override
        void onLeave() {
            withdraw(this);
            hearsay.forget(this).forEach(heard::publish);
        }

        /** Signals once when the shape of the torrent is known. The wire has no signal for that. */
        private Mono<Long> awaitTorrent() {
            return Flux.interval(options.gatherTime(), options.scheduler())
                    .onBackpressureDrop()
                    .filter(tick -> wire.torrent().isPresent())
                    .next();
        }

        /** What may have made the peer a seed. */
        private static boolean tellsPieces(MessageType type) {
            return type == MessageType.HAVE_ALL || type == MessageType.BITFIELD || type == MessageType.HAVE;
        }

        /** Goes on where it stopped the last time, so that a flood of messages costs no more than the torrent has pieces. */
        boolean hasAllPieces() {
            int all = wire.torrent().map(TorrentShape::pieceCount).orElse(0);
            while (pieces < all && wire.peerHas(pieces)) {
                pieces++;
            }
            return pieces > 0 && pieces == all;
        }
    }
}
