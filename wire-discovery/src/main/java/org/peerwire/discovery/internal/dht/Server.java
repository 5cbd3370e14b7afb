/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.dht.Krpc.Ask;
import org.peerwire.discovery.internal.dht.Krpc.Facts;

/**
 * The answers to the questions of others (BEP 5, 32, 33, 51). An address that has not answered us may be forged: it gets
 * at most four times the bytes that came from it, so that nobody floods a third one through us.
 */
final class Server {
    /** The maximum length of an answer, which passes every network in one piece. */
    static final int MAX_ANSWER = 1_200;

    /** The longest answer to an address that may be forged, as a multiple of the question. */
    static final int MAX_AMPLIFICATION = 4;

    static final int MAX_SAMPLES = 20;

    /** The seconds for which the same sample is given (BEP 51). */
    static final int SAMPLE_SECONDS = 600;

    private static final int NODES = 8;

    /** The bytes around a list of nodes or peers. */
    private static final int LIST_FRAME = 13;

    private final PeerStore store;
    private final Tokens tokens;
    private final RandomGenerator random;
    private final LongSupplier clock;
    private final boolean sampling;
    private List<NodeId> sample = List.of();
    private long sampledAt = Long.MIN_VALUE / 2;

    Server(PeerStore store, Tokens tokens, RandomGenerator random, LongSupplier clock, boolean sampling) {
        this.store = store;
        this.tokens = tokens;
        this.random = random;
        this.clock = clock;
        this.sampling = sampling;
    }

    /** A source of the nodes of all families. */
    interface Nodes {
        /** Returns the nodes that are closest to a target; none if the family is not in use. */
        List<Node> closest(Family family, NodeId target, int max);
    }

    /**
     * Returns the answer to a question, or null for none.
     *
     * @param own our id in the family of the question
     * @param proven true if the address is not forged
     */
    byte @Nullable [] answer(
            Krpc.Query query, NodeId own, InetSocketAddress from, int length, boolean proven, Nodes nodes) {
        int max = proven ? MAX_ANSWER : Math.min(MAX_ANSWER, MAX_AMPLIFICATION * length);
        Answer answer = new Answer(query.transaction(), own, from, max, nodes);
        Ask ask = query.ask();
        byte[] packet;
        if (ask instanceof Ask.FindNode find) {
            packet = answer.of(Facts.NONE, find.target(), find.want(), List.of());
        } else if (ask instanceof Ask.GetPeers get) {
            packet = peers(get, answer);
        } else if (ask instanceof Ask.AnnouncePeer announce) {
            packet = announced(announce, answer);
        } else if (ask instanceof Ask.Sample target) {
            packet = sample(target, answer);
        } else {
            packet = answer.of(Facts.NONE);
        }
        return packet.length <= max ? packet : null;
    }

    /** Returns the answer to a question that cannot be read, or null for none. */
    byte @Nullable [] answer(Krpc.BadQuery query, int length) {
        byte[] packet = KrpcWriter.write(query);
        return packet.length <= MAX_AMPLIFICATION * length ? packet : null;
    }

    private byte[] peers(Ask.GetPeers get, Answer answer) {
        Family family = Family.of(answer.to);
        String token = tokens.create(answer.to.getAddress());
        Facts facts = new Facts(List.of(), List.of(), token, null, null);
        if (get.scrape()) {
            facts = new Facts(List.of(), List.of(), token, store.filters(get.hash(), family), null);
            return answer.of(facts, get.hash(), get.want(), List.of());
        }
        int most = MAX_ANSWER / family.peerLength();
        List<InetSocketAddress> peers = store.peers(get.hash(), family, get.noSeed(), most, random);
        return answer.of(facts, get.hash(), get.want(), peers);
    }

    private byte[] announced(Ask.AnnouncePeer announce, Answer answer) {
        InetSocketAddress from = answer.to;
        if (!tokens.isValid(announce.token(), from.getAddress())) {
            return answer.error(Krpc.PROTOCOL_ERROR, "bad token");
        }
        int port = announce.implied() ? from.getPort() : announce.port();
        store.add(announce.hash(), new InetSocketAddress(from.getAddress(), port), announce.seed());
        return answer.of(Facts.NONE);
    }

    private byte[] sample(Ask.Sample ask, Answer answer) {
        if (!sampling) {
            return answer.error(Krpc.METHOD_UNKNOWN, "Method Unknown");
        }
        long age = (clock.getAsLong() - sampledAt) / 1_000;
        if (age >= SAMPLE_SECONDS) {
            sample = store.sample(MAX_SAMPLES, random);
            sampledAt = clock.getAsLong();
            age = 0;
        }
        int interval = (int) (SAMPLE_SECONDS - age);
        int room = (answer.room(answer.facts(interval, store.hashes(), List.of())) - 2) / NodeId.LENGTH;
        List<NodeId> some = sample.subList(0, Math.max(0, Math.min(sample.size(), room)));
        return answer.of(answer.facts(interval, store.hashes(), some), ask.target(), ask.want(), List.of());
    }

    /** An answer, and the bytes that it may have. */
    private record Answer(String transaction, NodeId own, InetSocketAddress to, int max, Nodes nodes) {

        byte[] error(int code, String text) {
            return KrpcWriter.write(new Krpc.Failure(transaction, code, text));
        }

        byte[] of(Facts facts) {
            return KrpcWriter.write(new Krpc.Reply(transaction, own, to, facts));
        }

        /** Returns an answer with nodes and peers as far as there is room: at most half of it for nodes beside peers. */
        byte[] of(Facts facts, NodeId target, Krpc.Want want, List<InetSocketAddress> peers) {
            int room = room(facts);
            List<Node> given = nodes(target, want, peers.isEmpty() ? room : Math.max(room / 2, room - cost(peers)));
            for (Family family : Family.values()) {
                room -= costOf(given, family);
            }
            int count = (room - LIST_FRAME) / (Family.of(to).peerLength() + 2 + (Family.of(to) == Family.SIX ? 1 : 0));
            List<InetSocketAddress> some = peers.subList(0, Math.max(0, Math.min(peers.size(), count)));
            return of(new Facts(given, some, facts.token(), facts.filters(), facts.samples()));
        }

        private List<Node> nodes(NodeId target, Krpc.Want want, int room) {
            List<Node> given = new ArrayList<>();
            int left = room;
            for (Family family : Family.values()) {
                int count = Math.min(NODES, (left - LIST_FRAME) / family.nodeLength());
                if (count > 0 && want.includes(family, Family.of(to))) {
                    List<Node> closest = nodes.closest(family, target, count);
                    given.addAll(closest);
                    left -= costOf(closest, family);
                }
            }
            return given;
        }

        private static int costOf(List<Node> nodes, Family family) {
            long count = nodes.stream()
                    .filter(node -> Family.of(node.address()) == family)
                    .count();
            return count == 0 ? 0 : LIST_FRAME + (int) count * family.nodeLength();
        }

        private int cost(List<InetSocketAddress> peers) {
            return LIST_FRAME + peers.size() * (Family.of(to).peerLength() + 3);
        }

        /** Returns the bytes that are left beside these facts. */
        int room(Facts facts) {
            return max - of(facts).length;
        }

        Facts facts(int interval, int total, List<NodeId> samples) {
            return new Facts(List.of(), List.of(), null, null, new Krpc.Samples(interval, total, samples));
        }
    }
}
