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
 * A relay of {@code ut_holepunch} (BEP 55) for all wires of one torrent. When a peer asks for another one, the relay
 * tells both to connect to each other.
 *
 * <pre>{@code
 * HolepunchRelay relay = HolepunchRelay.create(PexOptions.defaults());
 * server.handle(wire -> { relay.join(wire); return wire.onClose(); });
 * }</pre>
 *
 * <p>An attacker could use a relay to scan a network or to direct peers at a victim. Therefore:
 *
 * <ul>
 *     <li>It introduces only peers of {@linkplain #join joined} wires that both support the extension and have
 *       addresses of one family.
 *     <li>It never introduces a peer with a loopback or private address to one with a public address. It also respects
 *       {@link PexPolicy#tell}.
 *     <li>It introduces a peer to each target once in 60 s. A peer may ask 10 times in 60 s, counted per IP address
 *       after its wire has closed. A target is told to connect at most 30 times in 60 s.
 *     <li>It ignores and {@linkplain UtHolepunch#ignored() counts} messages above these rates and messages of a peer
 *     that has not listed the extension. The same holds while 8 messages to one of the two peers wait for the socket.
 * </ul>
 *
 * <p>All other requests are answered with a {@link HolepunchError}: NO_SUCH_PEER for an address that the peer may not
 * know, whether or not a peer is there; NO_SELF for the peer's own addresses and our end of its wire; NOT_CONNECTED
 * and NO_SUPPORT for the target.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. Nothing blocks. Answers are sent on the event loop of
 * a wire.
 *
 * <p><b>End.</b> {@link #dispose()} removes the wires, which stay open.
 */
public final class HolepunchRelay implements Disposable {
    /** The maximum number of targets that one peer asks for in a minute. */
    private static final int ASKED = 10;

    /** The maximum number of peers that one target is told to connect to in a minute. */
    private static final int TOLD = 30;

    /** The maximum number of messages to one peer that wait for its socket. */
    private static final int MAX_SENDS = 8;

    /** The maximum number of IP addresses whose rate is kept after their wires have left; the oldest is removed. */
    private static final int MAX_GONE = 256;

    private final PexOptions options;
    private final Mailbox mailbox = new Mailbox();
    private final WireMembers<Membership> wires = new WireMembers<>(mailbox);

    /** The rates of IP addresses whose wires have left, the oldest first. Touched in the mailbox only. */
    private final Map<InetAddress, RecentAddresses> gone = new LinkedHashMap<>();

    private HolepunchRelay(PexOptions options) {
        this.options = options;
    }

    /** Creates a relay without wires. Uses {@link PexOptions#scheduler()} and {@link PexOptions#policy()} only. */
    public static HolepunchRelay create(PexOptions options) {
        return new HolepunchRelay(options);
    }

    /**
     * Adds a wire until it ends: answers the requests of its peer and introduces other peers to it. Call it in the
     * operator that emits the wire. Does not add a wire of a private torrent, a wire that is already present, or any
     * wire after {@link #dispose()}. If the torrent becomes known as private later, messages of the wire are ignored.
     *
     * <p>Other peers can ask for the peer by the address of the wire, or by its IP address with the port of its
     * extended handshake. They receive the address they asked for. A target receives the address that we
     * dialled. If the peer dialled us, the target gets its address with that port, or else that of the wire.
     *
     * @return removes the wire, which stays open
     * @throws IllegalArgumentException if the wire does not have the extension {@link UtHolepunch}, or is of another
     *     torrent than the first wire
     */
    public Disposable join(Wire wire) {
        return wires.join(new Membership(wire));
    }

    /** Removes all wires, which stay open. */
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

    /** Restores the rate of an IP address, so that a peer cannot ask for more on a new wire. */
    private void remember(Membership membership) {
        RecentAddresses before = membership.remote == null ? null : gone.get(membership.remote.getAddress());
        membership.asked = before == null ? membership.asked : before;
    }

    /** Keeps the rate of an IP address whose wire leaves. */
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
        // Check the addresses first, so that no answer discloses the hosts of an internal network.
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

    /** Finds a target by the address of its wire, or else by the address that it claims. */
    private Optional<Membership> find(InetSocketAddress target) {
        return wires.all().stream()
                .filter(membership -> target.equals(membership.remote))
                .findAny()
                .or(() -> wires.all().stream()
                        .filter(membership -> membership.isAt(target))
                        .findAny());
    }

    /** Returns true if a peer may receive an address. No policy can bridge local and public addresses. */
    private boolean mayHear(InetSocketAddress listener, InetSocketAddress candidate) {
        return candidate.getPort() > 0
                && AddressKind.of(listener).isLocal()
                        == AddressKind.of(candidate).isLocal()
                && options.policy().tell(candidate, listener);
    }

    private static boolean isSameFamily(InetSocketAddress one, InetSocketAddress other) {
        return one.getAddress().getClass() == other.getAddress().getClass();
    }

    /** A wire of the relay. */
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

        /**
         * Returns the address at which the peer can be dialled. A claimed port needs the same policy as an announced
         * one.
         */
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
            return PeerAddresses.isOurs(wire, address);
        }

        private void refuse(InetSocketAddress target, HolepunchError error) {
            send(HolepunchMessage.error(target, error));
        }

        /** Sends a message without waiting. A peer that has left or withdrawn the extension does not receive it. */
        private void send(HolepunchMessage message) {
            sends++;
            channel.send(message.encode())
                    .onErrorComplete()
                    .doFinally(end -> mailbox.post(() -> sends--))
                    .subscribe();
        }
    }
}
