/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.LocalNetworks;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The peers of a torrent, from one search for each subscription. Without demand no question is sent. Completes when the
 * closest nodes have answered, and the announcement to them, if there is one.
 */
public final class PeersFlux extends Flux<InetSocketAddress> {
    /** The maximum number of different peers. Further ones are ignored. */
    static final int MAX_PEERS = 2_000;

    private final Engine engine;
    private final NodeId hash;
    private final @Nullable Membership membership;

    /**
     * Creates the peers of a torrent.
     *
     * @param membership our own announcement after the search, or null
     */
    public PeersFlux(Engine engine, NodeId hash, @Nullable Membership membership) {
        this.engine = engine;
        this.hash = hash;
        this.membership = membership;
    }

    @Override
    public void subscribe(CoreSubscriber<? super InetSocketAddress> actual) {
        new PeersLane(actual).open();
    }

    private final class PeersLane extends Lane<InetSocketAddress> implements Search.Listener {
        private final Set<InetSocketAddress> seen = new HashSet<>();
        private @Nullable Search search;

        PeersLane(CoreSubscriber<? super InetSocketAddress> actual) {
            super(PeersFlux.this.engine, actual);
        }

        @Override
        void begin() {
            search = engine.search(hash, new Krpc.Ask.GetPeers(hash, engine.want(), false, false), this);
            search.proceed();
        }

        @Override
        void proceed() {
            if (search != null) {
                search.proceed();
            }
        }

        @Override
        void stop() {
            if (search != null) {
                search.cancel();
            }
        }

        @Override
        public boolean mayAsk() {
            return hasDemand();
        }

        @Override
        public void answered(Krpc.Reply reply, InetSocketAddress from) {
            for (InetSocketAddress peer : reply.facts().peers()) {
                if (seen.size() < MAX_PEERS && mayBePeer(peer) && seen.add(peer)) {
                    offer(peer);
                }
            }
        }

        private boolean mayBePeer(InetSocketAddress peer) {
            return peer.getPort() != 0
                    && !peer.getAddress().isMulticastAddress()
                    && (engine.options().allowLocal() || !LocalNetworks.contains(peer.getAddress()));
        }

        @Override
        public void ended() {
            if (membership == null || search == null || !isOpen()) {
                complete();
            } else {
                new Announcement(hash, membership).send(search, told -> complete());
            }
        }
    }
}
