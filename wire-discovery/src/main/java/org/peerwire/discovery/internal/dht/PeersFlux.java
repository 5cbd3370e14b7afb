/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.LocalNetworks;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

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
        Lane lane = new Lane(actual);
        actual.onSubscribe(lane);
        engine.whenRunning(lane::begin, lane::fail);
    }

    /** One subscription. Signals on the loop. */
    private final class Lane implements Subscription, Search.Listener {
        private final CoreSubscriber<? super InetSocketAddress> actual;
        private final Queue<InetSocketAddress> waiting = new ArrayDeque<>();
        private final Set<InetSocketAddress> seen = new HashSet<>();
        private @Nullable Search search;
        private long demand;
        private boolean complete;
        private boolean terminated;
        private volatile boolean cancelled;

        Lane(CoreSubscriber<? super InetSocketAddress> actual) {
            this.actual = actual;
        }

        void begin() {
            if (!cancelled && !terminated) {
                search = engine.search(hash, new Krpc.Ask.GetPeers(hash, engine.want(), false, false), this);
                search.proceed();
            }
        }

        void fail(Throwable error) {
            if (!cancelled && !terminated) {
                terminated = true;
                actual.onError(error);
            }
        }

        @Override
        public void request(long n) {
            engine.loop().execute(() -> {
                if (n <= 0) {
                    Search begun = search;
                    if (begun != null) {
                        begun.cancel();
                    }
                    fail(new IllegalArgumentException("the demand must be positive, was " + n));
                    return;
                }
                demand = Operators.addCap(demand, n);
                drain();
                Search begun = search;
                if (begun != null && !cancelled) {
                    begun.proceed();
                }
            });
        }

        @Override
        public void cancel() {
            cancelled = true;
            engine.loop().execute(() -> {
                Search begun = search;
                if (begun != null) {
                    begun.cancel();
                }
                waiting.clear();
            });
        }

        @Override
        public boolean mayAsk() {
            return demand > 0;
        }

        @Override
        public void answered(Krpc.Reply reply, InetSocketAddress from) {
            for (InetSocketAddress peer : reply.facts().peers()) {
                if (seen.size() < MAX_PEERS && mayBePeer(peer) && seen.add(peer)) {
                    waiting.add(peer);
                }
            }
            drain();
        }

        private boolean mayBePeer(InetSocketAddress peer) {
            return peer.getPort() != 0
                    && !peer.getAddress().isMulticastAddress()
                    && (engine.options().allowLocal() || !LocalNetworks.contains(peer.getAddress()));
        }

        private void drain() {
            while (demand > 0 && !waiting.isEmpty() && !cancelled && !terminated) {
                demand--;
                actual.onNext(waiting.remove());
            }
            if (complete && waiting.isEmpty() && !cancelled && !terminated) {
                terminated = true;
                actual.onComplete();
            }
        }

        @Override
        public void ended() {
            if (membership == null || search == null || cancelled) {
                finish();
            } else {
                new Announcement(hash, membership).send(search, told -> finish());
            }
        }

        private void finish() {
            complete = true;
            drain();
        }

        @Override
        public void closed() {
            fail(Engine.closed());
        }
    }
}
