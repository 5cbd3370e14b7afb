/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import org.peerwire.InfoHash;
import org.peerwire.discovery.internal.local.MulticastSockets;
import org.peerwire.discovery.internal.local.Neighbourhood;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;

/**
 * Peers in the local network, found by multicast (BEP 14). One object serves any number of torrents. Thread-safe.
 *
 * <p>Announces each torrent to the groups {@code 239.192.152.143:6771} and {@code [ff15::efc0:988f]:6771} on every
 * interface with multicast, and listens there. Each packet is repeated after 2 and 6 s, since some are lost. Packets do
 * not leave the local network: their time to live is 1. The sockets are open while there is a subscription.
 */
public final class LocalPeers implements Discovery {
    private final Neighbourhood neighbourhood;

    private LocalPeers(LocalPeersOptions options) {
        this.neighbourhood =
                new Neighbourhood(new MulticastSockets(options.loopback()), options.interval(), options.scheduler());
    }

    /** Creates an object without sockets, with the default options. */
    public static LocalPeers create() {
        return create(LocalPeersOptions.defaults());
    }

    /** Creates an object without sockets. */
    public static LocalPeers create(LocalPeersOptions options) {
        return new LocalPeers(options);
    }

    /**
     * Announces a torrent while subscribed, and emits the peers that announce it. A peer is emitted again each time that
     * it announces itself. Never use it for a private torrent (BEP 27).
     *
     * @param port our TCP port, 1 to 65535, or 0 to listen only
     * @return peers on any thread, without end. Emits {@link PeerEvent.Added} only. A subscriber that is slower loses the
     *     oldest beyond 1,000. Fails with {@link java.net.SocketException} if no interface has multicast
     */
    public Flux<PeerEvent> peers(InfoHash hash, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        return neighbourhood.peers(hash, port);
    }

    /** Returns {@link PeerSource#LOCAL_NETWORK}, which a private torrent must not use (BEP 27). */
    @Override
    public PeerSource source() {
        return PeerSource.LOCAL_NETWORK;
    }

    /** Announces the swarm under each of its hashes, that of version 2 truncated (BEP 52). Starts it. */
    @Override
    public Flux<PeerEvent> peers(Swarm swarm) {
        return SwarmHashes.of(swarm).flatMap(hash -> peers(hash, swarm.port()));
    }
}
