/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.peerwire.discovery.internal.dht.Krpc.Ask;

/**
 * A writer of packets (BEP 5). Writes the keys of each dictionary in order, straight into an array: an answer is made
 * for every question of a stranger.
 */
final class KrpcWriter {
    /** The version of every packet: two letters of the program, two bytes of its version. */
    static final String VERSION = "PW\0\1";

    /**
     * The bytes that make a scrape longer. A node answers a stranger with at most four times the length of the question,
     * and an answer with two filters has 700 bytes.
     */
    private static final String PADDING = "x".repeat(120);

    private byte[] bytes = new byte[512];
    private int length;

    private KrpcWriter() {}

    static byte[] write(Krpc message) {
        KrpcWriter out = new KrpcWriter();
        out.ascii("d");
        if (message instanceof Krpc.Query query) {
            out.query(query);
        } else if (message instanceof Krpc.Reply reply) {
            out.reply(reply);
        } else if (message instanceof Krpc.Failure failure) {
            out.error(failure.transaction(), failure.code(), failure.text());
        } else if (message instanceof Krpc.BadQuery query) {
            out.error(query.transaction(), query.code(), query.text());
        }
        out.ascii("e");
        return Arrays.copyOf(out.bytes, out.length);
    }

    private void query(Krpc.Query query) {
        ascii("1:ad2:id").id(query.id());
        String method = arguments(query.ask());
        ascii("e1:q").text(method);
        if (query.readOnly()) {
            ascii("2:roi1e");
        }
        ascii("1:t").text(query.transaction()).ascii("1:v").text(VERSION).ascii("1:y1:q");
    }

    private String arguments(Ask ask) {
        if (ask instanceof Ask.FindNode find) {
            ascii("6:target").id(find.target()).want(find.want());
            return "find_node";
        }
        if (ask instanceof Ask.GetPeers get) {
            ascii("9:info_hash").id(get.hash()).ascii(get.noSeed() ? "6:noseedi1e" : "");
            if (get.scrape()) {
                ascii("3:pad").text(PADDING).ascii("6:scrapei1e");
            }
            want(get.want());
            return "get_peers";
        }
        if (ask instanceof Ask.AnnouncePeer announce) {
            ascii(announce.implied() ? "12:implied_porti1e" : "");
            ascii("9:info_hash").id(announce.hash()).ascii("4:port").number(announce.port());
            ascii(announce.seed() ? "4:seedi1e" : "").ascii("5:token").text(announce.token());
            return "announce_peer";
        }
        if (ask instanceof Ask.Sample sample) {
            ascii("6:target").id(sample.target()).want(sample.want());
            return "sample_infohashes";
        }
        return "ping";
    }

    private void want(Krpc.Want want) {
        if (want.four() || want.six()) {
            ascii("4:wantl")
                    .ascii(want.four() ? "2:n4" : "")
                    .ascii(want.six() ? "2:n6" : "")
                    .ascii("e");
        }
    }

    private void reply(Krpc.Reply reply) {
        if (reply.you() != null) {
            ascii("2:ip").string(Compact.bytes(reply.you()));
        }
        ascii("1:rd");
        Krpc.Facts facts = reply.facts();
        if (facts.filters() != null) {
            ascii("4:BFpe").string(facts.filters().downloaders().bytes());
            ascii("4:BFsd").string(facts.filters().seeds().bytes());
        }
        ascii("2:id").id(reply.id());
        Krpc.Samples samples = facts.samples();
        if (samples != null) {
            ascii("8:interval").number(samples.interval());
        }
        nodes(facts.nodes(), Family.FOUR);
        nodes(facts.nodes(), Family.SIX);
        if (samples != null) {
            ascii("3:num").number(samples.total());
            ascii("7:samples").ascii(samples.hashes().size() * NodeId.LENGTH + ":");
            samples.hashes().forEach(this::rawId);
        }
        if (facts.token() != null) {
            ascii("5:token").text(facts.token());
        }
        peers(facts.peers());
        ascii("e1:t").text(reply.transaction()).ascii("1:v").text(VERSION).ascii("1:y1:r");
    }

    private void nodes(List<Node> nodes, Family family) {
        int count = 0;
        for (Node node : nodes) {
            count += Family.of(node.address()) == family ? 1 : 0;
        }
        if (count == 0) {
            return;
        }
        text(family.nodesKey).ascii(count * family.nodeLength() + ":");
        for (Node node : nodes) {
            if (Family.of(node.address()) == family) {
                rawId(node.id());
                raw(Compact.bytes(node.address()));
            }
        }
    }

    private void peers(List<InetSocketAddress> peers) {
        if (!peers.isEmpty()) {
            ascii("6:valuesl");
            peers.forEach(peer -> string(Compact.bytes(peer)));
            ascii("e");
        }
    }

    private void error(String transaction, int code, String text) {
        ascii("1:el").number(code).text(text).ascii("e");
        ascii("1:t").text(transaction).ascii("1:v").text(VERSION).ascii("1:y1:e");
    }

    private KrpcWriter id(NodeId id) {
        ascii("20:");
        rawId(id);
        return this;
    }

    private void rawId(NodeId id) {
        raw(id.bytes());
    }

    private KrpcWriter number(long number) {
        return ascii("i" + number + "e");
    }

    private KrpcWriter text(String text) {
        return ascii(text.length() + ":").ascii(text);
    }

    private void string(byte[] string) {
        ascii(string.length + ":").raw(string);
    }

    private KrpcWriter ascii(String text) {
        raw(text.getBytes(ISO_8859_1));
        return this;
    }

    private void raw(byte[] more) {
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more.length));
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }
}
