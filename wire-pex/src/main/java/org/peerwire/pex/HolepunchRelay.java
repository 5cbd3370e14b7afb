/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The relay of {@code ut_holepunch} (BEP 55) for all wires of one torrent: when a peer asks for another, it tells both to
 * connect to each other.
 *
 * <pre>{@code
 * HolepunchRelay relay = HolepunchRelay.create(PexOptions.defaults());
 * server.handle(wire -> { relay.join(wire); return wire.onClose(); });
 * }</pre>
 *
 * <p>A relay could be used to scan a network or to have peers dial a victim. So
 *
 * <ul>
 *   <li>only peers of wires that have {@linkplain #join joined} are introduced, both of which speak the extension and
 *       have addresses of one family,
 *   <li>never a peer at a loopback or private address to one at a public address, whatever the
 *       {@link PexOptions#policy()} says, and nobody to whom the policy does not let the address be told,
 *   <li>a peer is introduced to each target once in 60 s and may ask 10 times in 60 s; closing its wire and coming again
 *       from the same IP address gives no more. A target is told to connect 30 times in 60 s at most,
 *   <li>what is over the rate is ignored without an answer and {@linkplain UtHolepunch#ignored() counted}, so are messages
 *       of a peer that has not listed the extension, and what comes while 8 messages to one of the two wait for its
 *       socket.
 * </ul>
 *
 * <p>Everything else is answered with a {@link HolepunchError}: NO_SUCH_PEER for an address the peer may not be told,
 * whoever is there; NO_SELF for its own addresses and our end of its wire; NOT_CONNECTED and NO_SUPPORT for the target.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. Nothing blocks. A peer that asks is answered on the
 * event loop of a wire.
 *
 * <p><b>End.</b> {@link #dispose()} lets go of the wires, which stay open.
 */
public final class HolepunchRelay implements Disposable {
    /** Targets one peer asks for in a minute at most. */
    private static final int ASKED = 10;

    /** Peers one target is told to connect to in a minute at most. */
    private static final int TOLD = 30;

    /** Messages to one peer that may be waiting for its socket. */
    private static final int MAX_SENDS = 8;

    /** Peers remembered at most that have gone and might come again to ask for more; the oldest is forgotten. */
    private static final int MAX_GONE = 256;

    private final PexOptions options;
    private final Mailbox mailbox = new Mailbox();
    private final WireMembers<Membership> wires = new WireMembers<>(mailbox);

    /** The rates of peers that left, the oldest first, at most {@link #MAX_GONE}. Touched in the mailbox only. */
    private final Map<InetAddress, RecentAddresses> gone = new LinkedHashMap<>();

    private HolepunchRelay(PexOptions options) {
        this.options = options;
    }

    /**
     * A relay without wires, with the {@link PexOptions#scheduler()} and the {@link PexOptions#policy()} of these options;
     * the rest of them is not used.
     */
    public static HolepunchRelay create(PexOptions options) {
        return new HolepunchRelay(options);
    }

    /**
     * Takes a wire in until it ends: answers what its peer asks, and introduces others to it. Best called in the operator
     * that emits the wire. A wire of a torrent known to be private is left alone, as is one that is in already, and
     * every wire once the relay is disposed of; one whose torrent turns out to be private later is ignored from then on.
     *
     * <p>The peer is known to the others by the address of the wire and, by its word, by the same IP address with the port
     * of its extended handshake. They are told the address they have asked for; it is told of them the address we have
     * dialled, or else the one with that port, or else the address of the wire.
     *
     * @return takes the wire out again, which stays open
     * @throws IllegalArgumentException if the wire does not have the extension {@link UtHolepunch}, or is of another
     *     torrent than the wires before it
     */
    public Disposable join(Wire wire) {
        return wires.join(new Membership(wire));
    }

    /** Takes all wires out, which stay open. */
    @Override
    public void dispose() {
        wires.dispose();
        mailbox.post(gone::clear);
    }

    @Override
    public boolean isDisposed() {
        return wires.isDisposed();
    }

    /** Returns true if no wire and no address is kept. For tests; call it while the mailbox is idle. */
    boolean isEmpty() {
        return wires.all().isEmpty() && gone.isEmpty();
    }

    // ---- in the mailbox ----

    /** Restores the rate of a peer that left, so that it cannot ask for more by coming again. */
    private void remember(Membership membership) {
        RecentAddresses before = membership.remote == null ? null : gone.get(membership.remote.getAddress());
        membership.asked = before == null ? membership.asked : before;
    }

    private void forget(Membership membership) {
        if (membership.remote == null || wires.isDisposed()) {
            return;
        }
        long now = UtHolepunch.now(options.scheduler());
        gone.values().removeIf(asked -> asked.isEmpty(now));
        RecentAddresses before = gone.remove(membership.remote.getAddress());
        // Another wire from the address may have asked for more.
        boolean isFuller = before != null && before.size(now) > membership.asked.size(now);
        RecentAddresses asked = isFuller ? before : membership.asked;
        if (!asked.isEmpty(now)) {
            gone.put(membership.remote.getAddress(), asked);
        }
        if (gone.size() > MAX_GONE) {
            gone.remove(gone.keySet().iterator().next());
        }
    }

    private void receive(Membership initiator, InetSocketAddress target) {
        if (initiator.isPresent() && !PrivateTorrents.isPrivate(initiator.wire)) {
            introduce(initiator, target);
        }
    }

    private void introduce(Membership initiator, InetSocketAddress target) {
        long now = UtHolepunch.now(options.scheduler());
        if (initiator.sends >= MAX_SENDS || !initiator.asked.take(target, now)) {
            initiator.extension.count(HolepunchIgnored.TOO_OFTEN);
            return;
        }
        // First of all whether the address may be told, so that no answer tells what is inside a network.
        InetSocketAddress asking = initiator.remote;
        if (asking == null || !isSameFamily(asking, target) || !mayHear(asking, target)) {
            initiator.refuse(target, HolepunchError.NO_SUCH_PEER);
            return;
        }
        if (initiator.isAt(target) || initiator.isOurs(target)) {
            initiator.refuse(target, HolepunchError.NO_SELF);
            return;
        }
        Optional<Membership> found = find(target);
        if (found.isEmpty()) {
            initiator.refuse(target, HolepunchError.NOT_CONNECTED);
            return;
        }
        connect(initiator, target, found.get(), now);
    }

    private void connect(Membership initiator, InetSocketAddress target, Membership found, long now) {
        InetSocketAddress dialable = initiator.dialable();
        InetSocketAddress listener = found.remote;
        if (dialable == null || listener == null || !mayHear(listener, dialable)) {
            initiator.refuse(target, HolepunchError.NO_SUCH_PEER);
        } else if (PrivateTorrents.isPrivate(found.wire) || !found.channel.supported()) {
            initiator.refuse(target, HolepunchError.NO_SUPPORT);
        } else if (found.sends >= MAX_SENDS || !found.told.take(dialable, now)) {
            initiator.extension.count(HolepunchIgnored.TOO_OFTEN);
        } else {
            initiator.send(HolepunchMessage.connect(target));
            found.send(HolepunchMessage.connect(dialable));
        }
    }

    /** By the address of its wire before what a peer only says of itself. */
    private Optional<Membership> find(InetSocketAddress target) {
        return wires.all().stream()
                .filter(membership -> target.equals(membership.remote))
                .findAny()
                .or(() -> wires.all().stream()
                        .filter(membership -> membership.isAt(target))
                        .findAny());
    }

    /** Whether a peer may be told of another; the bridge between local and public is closed to every policy. */
    private boolean mayHear(InetSocketAddress listener, InetSocketAddress candidate) {
        return candidate.getPort() > 0
                && AddressKind.of(listener).isLocal()
                        == AddressKind.of(candidate).isLocal()
                && options.policy().tell(candidate, listener);
    }

    private static boolean isSameFamily(InetSocketAddress one, InetSocketAddress other) {
        return one.getAddress().getClass() == other.getAddress().getClass();
    }

    /** One wire of the relay. */
    private final class Membership extends WireMembers.Member {
        private final UtHolepunch extension;
        private final ExtensionChannel channel;
        private final @Nullable InetSocketAddress remote;

        // Touched in the mailbox only.
        private RecentAddresses asked = new RecentAddresses(ASKED);
        private final RecentAddresses told = new RecentAddresses(TOLD);
        private int sends;

        private volatile @Nullable ExtendedHandshake handshake;

        Membership(Wire wire) {
            super(wires, wire);
            this.extension = wire.extension(UtHolepunch.class);
            this.channel = wire.extension(UtHolepunch.NAME);
            this.remote = wire.remoteAddress() instanceof InetSocketAddress inet && !inet.isUnresolved() ? inet : null;
        }

        @Override
        void subscribe() {
            keep(wire.extendedHandshakes().onErrorComplete().subscribe(latest -> handshake = latest));
            // One at a time, so that a flood waits in the wire, which slows the peer, and not in the mailbox.
            keep(extension
                    .messages(wire)
                    .filter(message -> message.type() == HolepunchMessage.Type.RENDEZVOUS)
                    .concatMap(this::received, 1)
                    .onErrorComplete()
                    .subscribe());
        }

        @Override
        void onEnter() {
            remember(this);
        }

        @Override
        void onLeave() {
            forget(this);
        }

        private Mono<Void> received(HolepunchMessage rendezvous) {
            return Mono.create(sink -> mailbox.post(() -> {
                receive(this, rendezvous.peer());
                sink.success();
            }));
        }

        /** Where the peer can be dialled, as far as is known; a port it only claims is no better than one that is told. */
        private @Nullable InetSocketAddress dialable() {
            ExtendedHandshake known = handshake;
            return known == null || remote == null
                    ? remote
                    : PeerAddresses.listening(wire, known)
                            .filter(address -> options.policy().accept(address, remote))
                            .orElse(remote);
        }

        private boolean isAt(InetSocketAddress address) {
            ExtendedHandshake known = handshake;
            boolean claimed = known != null
                    && remote != null
                    && known.listenPort().orElse(0) == address.getPort()
                    && remote.getAddress().equals(address.getAddress());
            return claimed || address.equals(remote);
        }

        private boolean isOurs(InetSocketAddress address) {
            boolean ourHost = wire.localAddress() instanceof InetSocketAddress local
                    && address.getAddress().equals(local.getAddress());
            return address.equals(wire.localAddress())
                    || (ourHost && wire.local().listenPort() == address.getPort());
        }

        private void refuse(InetSocketAddress target, HolepunchError error) {
            send(HolepunchMessage.error(target, error));
        }

        /** Neither side is waited for; one that has gone or withdrawn the extension a moment ago misses it. */
        private void send(HolepunchMessage message) {
            sends++;
            channel.send(message.encode())
                    .onErrorComplete()
                    .doFinally(end -> mailbox.post(() -> sends--))
                    .subscribe();
        }
    }
}
