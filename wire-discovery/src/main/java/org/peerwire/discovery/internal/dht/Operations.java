/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.DhtException;
import org.peerwire.discovery.DhtScrape;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The operations of a node that have one result. Each is one search for each subscription. */
public final class Operations {
    private final Engine engine;

    /** Creates the operations of a node. */
    public Operations(Engine engine) {
        this.engine = engine;
    }

    /** Announces to the closest nodes. Fails without one that accepts. */
    public Mono<Void> announce(NodeId hash, Membership membership) {
        return Mono.create(sink -> run(sink, () -> {
            AnnounceListener listener = new AnnounceListener(hash, membership, sink);
            begin(sink, hash, false, listener);
        }));
    }

    /** Counts the peers of a torrent (BEP 33). */
    public Mono<DhtScrape> scrape(NodeId hash) {
        return Mono.create(sink -> run(sink, () -> begin(sink, hash, true, new ScrapeListener(sink))));
    }

    private void run(MonoSink<?> sink, Runnable work) {
        engine.whenRunning(work, sink::error);
    }

    private void begin(MonoSink<?> sink, NodeId hash, boolean scrape, SearchListener listener) {
        Krpc.Ask question = new Krpc.Ask.GetPeers(hash, engine.want(), scrape, false);
        Search search = engine.search(hash, question, listener);
        listener.search = search;
        sink.onCancel(() -> engine.loop().execute(search::cancel));
        search.proceed();
    }

    private abstract static class SearchListener implements Search.Listener {
        private final MonoSink<?> sink;

        @Nullable
        Search search;

        SearchListener(MonoSink<?> sink) {
            this.sink = sink;
        }

        @Override
        public void closed() {
            sink.error(Engine.closed());
        }

        void noNodes(String message) {
            sink.error(new DhtException(DhtException.Reason.NO_NODES, message, null));
        }
    }

    private final class AnnounceListener extends SearchListener {
        private final NodeId hash;
        private final Membership membership;
        private final MonoSink<Void> sink;

        AnnounceListener(NodeId hash, Membership membership, MonoSink<Void> sink) {
            super(sink);
            this.hash = hash;
            this.membership = membership;
            this.sink = sink;
        }

        @Override
        public void ended() {
            if (search != null) {
                new Announcement(hash, membership).send(search, this::told);
            }
        }

        private void told(int accepted) {
            if (accepted == 0 && !engine.isRunning()) {
                closed();
            } else if (accepted == 0) {
                noNodes("no DHT node has accepted the announcement of " + hash + "; check the bootstrap nodes");
            } else {
                sink.success();
            }
        }
    }

    private static final class ScrapeListener extends SearchListener {
        private final MonoSink<DhtScrape> sink;
        private final BloomFilter seeds = new BloomFilter();
        private final BloomFilter downloaders = new BloomFilter();
        private int answers;

        ScrapeListener(MonoSink<DhtScrape> sink) {
            super(sink);
            this.sink = sink;
        }

        @Override
        public void answered(Krpc.Reply reply, InetSocketAddress from) {
            Krpc.Filters filters = reply.facts().filters();
            if (filters != null) {
                seeds.addAll(filters.seeds());
                downloaders.addAll(filters.downloaders());
                answers++;
            }
        }

        @Override
        public void ended() {
            sink.success(new DhtScrape(Math.round(seeds.estimate()), Math.round(downloaders.estimate()), answers));
        }
    }
}
