/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import org.peerwire.InfoHash;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Info hashes that other nodes store (BEP 51), from a walk through the nodes: each answer names the next ones. A walk asks
 * one node of each network once, so none is asked within its interval. Without demand no question is sent.
 */
public final class SamplesFlux extends Flux<InfoHash> {
    private static final int PARALLEL = 3;

    /** The maximum number of nodes that wait to be asked. */
    private static final int MAX_WAITING = 1_000;

    /** The number of last info hashes that are not emitted again. */
    private static final int MAX_SEEN = 10_000;

    private final Engine engine;
    private final int maxNodes;

    /** Creates a walk through at most so many nodes. */
    public SamplesFlux(Engine engine, int maxNodes) {
        this.engine = engine;
        this.maxNodes = maxNodes;
    }

    @Override
    public void subscribe(CoreSubscriber<? super InfoHash> actual) {
        new SamplesLane(actual).open();
    }

    private record Stop(Side side, Node node) {}

    private final class SamplesLane extends Lane<InfoHash> {
        private final Queue<Stop> next = new ArrayDeque<>();
        private final Set<Object> places = new HashSet<>();
        private final Set<NodeId> seen = new LinkedHashSet<>();
        private int asked;
        private int inFlight;
        private boolean begun;

        SamplesLane(CoreSubscriber<? super InfoHash> actual) {
            super(SamplesFlux.this.engine, actual);
        }

        @Override
        void begin() {
            begun = true;
            for (Side side : engine.sides().values()) {
                side.table().contacts().forEach(contact -> add(side, contact.node));
            }
            proceed();
        }

        private void add(Side side, Node node) {
            if (next.size() < MAX_WAITING
                    && places.size() < maxNodes
                    && !node.id().equals(side.table().own())
                    && side.mayReach(node.address())
                    && places.add(side.place(node.address()))) {
                next.add(new Stop(side, node));
            }
        }

        @Override
        void proceed() {
            while (begun && isOpen() && hasDemand() && inFlight < PARALLEL && asked < maxNodes && !next.isEmpty()) {
                ask(next.remove());
            }
            if (begun && inFlight == 0 && (next.isEmpty() || asked >= maxNodes)) {
                complete();
            }
        }

        private void ask(Stop stop) {
            asked++;
            inFlight++;
            NodeId target = NodeId.random(engine.random());
            Krpc.Ask ask = new Krpc.Ask.Sample(target, engine.want());
            stop.side.ask(stop.node.id(), stop.node.address(), ask, new Queries.Outcome() {
                @Override
                public boolean isWanted() {
                    return isOpen();
                }

                @Override
                public void replied(Krpc.Reply reply) {
                    inFlight--;
                    answered(reply);
                    proceed();
                }

                @Override
                public void failed() {
                    inFlight--;
                    proceed();
                }
            });
        }

        private void answered(Krpc.Reply reply) {
            for (Node node : reply.facts().nodes()) {
                InetSocketAddress address = node.address();
                Side side = engine.sides().get(Family.of(address));
                if (side != null) {
                    add(side, node);
                }
            }
            Krpc.Samples samples = reply.facts().samples();
            if (samples != null) {
                for (NodeId hash : samples.hashes()) {
                    if (seen.add(hash)) {
                        offer(InfoHash.of(hash.bytes()));
                    }
                }
            }
            for (Iterator<NodeId> oldest = seen.iterator(); seen.size() > MAX_SEEN; ) {
                oldest.next();
                oldest.remove();
            }
        }

        @Override
        void stop() {
            next.clear();
        }
    }
}
