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
import org.peerwire.LocalPeer;
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
 * Peer exchange for all wires of one torrent (BEP 11): announces the wires to each other and collects the peers that
 * they send.
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
 * causes the change, usually the event loop of a wire: use {@code publishOn} before a blocking operation. A slow
 * subscriber delays no other. It misses only changes that cancel each other.
 *
 * <p><b>End.</b> {@link #dispose()} removes the wires, which stay open, and completes every publisher.
 */
public final class PexSwarm implements Disposable {
    private final PexOptions options;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Mailbox mailbox = new Mailbox();
    private final WireMembers<Membership> wires = new WireMembers<>(mailbox);

    /** The number of wires to each dialable peer. Written in the mailbox, read by any thread. */
    private final Map<InetSocketAddress, Integer> wiresTo = new ConcurrentHashMap<>();

    // Touched in the mailbox only.
    private final Hearsay<Membership> hearsay;
    private final Roster members = new Roster(mailbox);
    private final Roster heard = new Roster(mailbox);

    /** The port at which a wire was accepted, or 0 before the first. */
    private int acceptingPort;

    private PexSwarm(PexOptions options) {
        this.options = options;
        this.hearsay = new Hearsay<>(options.limits().maxKnown());
    }

    /**
     * Creates a swarm without wires. The options of the {@link UtPex} of a wire apply to the messages of that wire.
     */
    public static PexSwarm create(PexOptions options) {
        return new PexSwarm(options);
    }

    /**
     * Adds a wire until it ends: reads the peers that it sends and, if {@link PexOptions#telling()} is set, announces
     * the other wires to it and it to them. Call it in the operator that emits the wire.
     *
     * <p>Peers to which another wire of the swarm exists count as proven: see {@link PexLimits#maxUnproven()}.
     *
     * <p>A wire is announced with the address that we dialled. If the peer dialled us, it is announced with the port
     * of its extended handshake, or not at all without one.
     *
     * <p>So that peers can announce us, set {@link LocalPeer#listenPort()}. For the wires that we dialled without it,
     * the swarm sends the port at which a wire of the swarm was accepted, once there is one.
     *
     * <p>Does not add a wire of a private torrent (BEP 27), a wire
     * that is already present, or any wire after {@link #dispose()}. A wire leaves if its torrent becomes known as
     * private later.
     *
     * @return removes the wire, which stays open
     * @throws IllegalArgumentException if the wire does not have the extension {@link UtPex}, or is of another torrent
     *     than the first wire
     */
    public Disposable join(Wire wire) {
        return wires.join(new Membership(wire));
    }

    /**
     * Returns the peers that the wires send, with or without a wire to them: first the known peers, then each change.
     * A peer is {@code Added} when the first wire adds it. It is {@code Dropped} when the last such wire drops it or
     * leaves, or when it is replaced, because at most {@link PexLimits#maxKnown()} peers are known. The reason of the
     * {@code Dropped} tells which.
     *
     * @return completes when the swarm is disposed; never fails
     */
    public Flux<PeerEvent> events() {
        return heard.flux();
    }

    /**
     * Returns the wires that vouch for a peer now, so that a program can hold a failed connection against them. The
     * set is empty if no wire does or the peer was replaced.
     *
     * @return never fails
     */
    public Mono<Set<Wire>> tellers(InetSocketAddress peer) {
        return Mono.create(sink -> mailbox.post(() -> sink.success(hearsay.tellers(peer).stream()
                .map(membership -> membership.wire)
                .collect(Collectors.toUnmodifiableSet()))));
    }

    /**
     * Returns the dialable peers of the wires, which are the announced ones: first the present peers, then each
     * change. {@code Added} is repeated when the flags change.
     *
     * @return completes when the swarm is disposed; never fails
     */
    public Flux<PeerEvent> members() {
        return members.flux();
    }

    /**
     * Returns peers to dial: those of {@link #events()} without a wire, each once for each time it is added. Emits the
     * best first, {@link PexOptions#dialRate()} per second on average, at irregular intervals. A turn without demand
     * is lost.
     *
     * @param order puts the best peer first, such as {@link CanonicalPriority#comparator}
     * @return completes when the swarm is disposed; never fails
     */
    public Flux<Added> candidates(Comparator<? super InetSocketAddress> order) {
        return CandidateQueue.candidates(events(), members(), order, options).takeUntilOther(closed.asMono());
    }

    /** Removes all wires, which stay open, and completes every publisher. */
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
        boolean ours = event instanceof PeerEvent.Added // one that was told before we knew the port may be withdrawn
                && PeerAddresses.isOurs(membership.wire, acceptingPort, event.peer());
        if (membership.isPresent() && !ours) {
            hearsay.tell(membership, event).forEach(heard::publish);
        }
    }

    /**
     * Sends the port that accepts wires to each peer that we dialled without one, or it cannot announce us. Only an
     * accepted wire knows the port of its server.
     */
    private void exchangePort(Membership membership) {
        if (!membership.wire.initiator() && acceptingPort == 0) {
            acceptingPort = PeerAddresses.acceptingPort(membership.wire);
            wires.all().forEach(this::sendPort);
        } else {
            sendPort(membership);
        }
    }

    private void sendPort(Membership membership) {
        Wire wire = membership.wire;
        if (options.telling()
                && acceptingPort > 0
                && wire.initiator()
                && wire.local().listenPort() == 0) {
            membership.keep(wire.readvertise(mine -> mine.listenPort(acceptingPort))
                    .onErrorComplete() // a peer without the extension protocol
                    .subscribe());
        }
    }

    /** Updates the address and the flags of a wire. */
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

    /** A wire of the swarm. */
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
            keep(wire.awaitTorrent().subscribe(shape -> mailbox.post(() -> review(this))));
            if (options.telling()) {
                keep(UtPex.announce(wire, members.flux()).onErrorComplete().subscribe());
            }
        }

        @Override
        void onEnter() {
            review(this);
            exchangePort(this);
        }

        @Override
        void onLeave() {
            withdraw(this);
            hearsay.forget(this).forEach(heard::publish);
        }

        /** Returns true for a message that can complete the pieces of the peer. */
        private static boolean tellsPieces(MessageType type) {
            return type == MessageType.HAVE_ALL || type == MessageType.BITFIELD || type == MessageType.HAVE;
        }

        /** Continues where the last call stopped, so that all calls together cost one step per piece. */
        boolean hasAllPieces() {
            int all = wire.torrent().map(TorrentShape::pieceCount).orElse(0);
            while (pieces < all && wire.peerHas(pieces)) {
                pieces++;
            }
            return pieces > 0 && pieces == all;
        }
    }
}
