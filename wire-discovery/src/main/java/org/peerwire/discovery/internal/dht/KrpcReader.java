/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.discovery.internal.dht.Krpc.Ask;

/**
 * A reader of packets (BEP 5). Ignores whatever it does not know, and every field that has another type than it should.
 * No input makes it throw.
 */
final class KrpcReader {
    /** The maximum length of a packet in bytes. */
    static final int MAX_PACKET = 2_048;

    /** The maximum number of nodes of one family that one answer gives. */
    static final int MAX_NODES = 16;

    /** The maximum length of a transaction or of a token in bytes. */
    static final int MAX_TEXT = 64;

    private static final BencodeLimits LIMITS = new BencodeLimits(8, 700);
    private static final long MAX_INTERVAL = 21_600;

    private KrpcReader() {}

    /** Returns the message of a packet, or null if the packet is not a message. */
    static @Nullable Krpc read(byte[] packet) {
        if (packet.length > MAX_PACKET || packet.length == 0 || packet[0] != 'd') {
            return null;
        }
        BencodeValue root;
        try {
            root = Bencode.decode(packet, LIMITS);
        } catch (BencodeException e) {
            return null;
        }
        String transaction = text(root, "t");
        String kind = text(root, "y");
        if (transaction == null || kind == null) {
            return null;
        }
        return switch (kind) {
            case "q" -> query(root, transaction);
            case "r" -> reply(root, transaction);
            case "e" -> failure(root, transaction);
            default -> null;
        };
    }

    private static Krpc query(BencodeValue root, String transaction) {
        BencodeValue arguments = root.get("a");
        String method = text(root, "q");
        NodeId id = arguments == null ? null : id(arguments, "id");
        if (arguments == null || method == null || id == null) {
            return bad(transaction, "a method and the id of the sender are required");
        }
        boolean readOnly = number(root, "ro") == 1;
        if (method.equals("ping")) {
            return new Krpc.Query(transaction, id, readOnly, new Ask.Ping());
        }
        Ask ask;
        switch (method) {
            case "find_node", "sample_infohashes" -> {
                NodeId target = id(arguments, "target");
                Krpc.Want want = want(arguments);
                if (target == null) {
                    return bad(transaction, "target must have 20 bytes");
                }
                ask = method.equals("find_node") ? new Ask.FindNode(target, want) : new Ask.Sample(target, want);
            }
            case "get_peers" -> {
                NodeId hash = id(arguments, "info_hash");
                if (hash == null) {
                    return bad(transaction, "info_hash must have 20 bytes");
                }
                ask = new Ask.GetPeers(
                        hash, want(arguments), number(arguments, "scrape") == 1, number(arguments, "noseed") == 1);
            }
            case "announce_peer" -> {
                NodeId hash = id(arguments, "info_hash");
                String token = text(arguments, "token");
                if (hash == null || token == null) {
                    return bad(transaction, "info_hash and token are required");
                }
                boolean implied = number(arguments, "implied_port") == 1;
                long port = number(arguments, "port");
                if (!implied && (port < 1 || port > 65_535)) {
                    return bad(transaction, "port must be 1 to 65535");
                }
                boolean seed = number(arguments, "seed") == 1;
                ask = new Ask.AnnouncePeer(hash, implied ? 0 : (int) port, implied, seed, token);
            }
            default -> {
                return new Krpc.BadQuery(transaction, Krpc.METHOD_UNKNOWN, "Method Unknown");
            }
        }
        return new Krpc.Query(transaction, id, readOnly, ask);
    }

    private static Krpc bad(String transaction, String text) {
        return new Krpc.BadQuery(transaction, Krpc.PROTOCOL_ERROR, text);
    }

    private static @Nullable Krpc reply(BencodeValue root, String transaction) {
        BencodeValue body = root.get("r");
        NodeId id = body == null ? null : id(body, "id");
        if (body == null || id == null) {
            return null;
        }
        List<Node> nodes = new ArrayList<>();
        for (Family family : Family.values()) {
            byte[] compact = body.getBytes(family.nodesKey).orElse(null);
            if (compact != null) {
                nodes.addAll(Compact.nodes(compact, family, MAX_NODES));
            }
        }
        Krpc.Facts facts = new Krpc.Facts(nodes, peers(body), text(body, "token"), filters(body), samples(body));
        return new Krpc.Reply(transaction, id, you(root), facts);
    }

    private static List<InetSocketAddress> peers(BencodeValue body) {
        BencodeValue values = body.get("values");
        if (values == null) {
            return List.of();
        }
        List<InetSocketAddress> peers = new ArrayList<>();
        for (BencodeValue value : values.items()) {
            InetSocketAddress peer = value.asBytes().map(KrpcReader::address).orElse(null);
            if (peer != null) {
                peers.add(peer);
            }
        }
        return peers;
    }

    private static @Nullable InetSocketAddress address(byte[] compact) {
        for (Family family : Family.values()) {
            if (compact.length == family.peerLength()) {
                return Compact.address(compact, 0, family);
            }
        }
        return null;
    }

    /** Returns our address as the sender sees it (BEP 42). Some nodes leave out the port; it becomes 0. */
    private static @Nullable InetSocketAddress you(BencodeValue root) {
        byte[] compact = root.getBytes("ip").orElse(null);
        if (compact == null) {
            return null;
        }
        return compact.length == 4 || compact.length == 16
                ? new InetSocketAddress(Compact.ip(compact), 0)
                : address(compact);
    }

    private static Krpc.@Nullable Filters filters(BencodeValue body) {
        byte[] seeds = body.getBytes("BFsd").orElse(null);
        byte[] downloaders = body.getBytes("BFpe").orElse(null);
        if (seeds == null
                || downloaders == null
                || seeds.length != BloomFilter.LENGTH
                || downloaders.length != BloomFilter.LENGTH) {
            return null;
        }
        return new Krpc.Filters(BloomFilter.of(seeds), BloomFilter.of(downloaders));
    }

    private static Krpc.@Nullable Samples samples(BencodeValue body) {
        byte[] compact = body.getBytes("samples").orElse(null);
        if (compact == null) {
            return null;
        }
        List<NodeId> hashes = new ArrayList<>();
        for (int at = 0; at + NodeId.LENGTH <= compact.length; at += NodeId.LENGTH) {
            hashes.add(NodeId.of(compact, at));
        }
        long interval = Math.min(MAX_INTERVAL, Math.max(0, number(body, "interval")));
        return new Krpc.Samples((int) interval, Math.max(0, number(body, "num")), hashes);
    }

    private static Krpc failure(BencodeValue root, String transaction) {
        BencodeValue error = root.get("e");
        List<BencodeValue> items = error == null ? List.of() : error.items();
        long code = items.isEmpty() ? 0 : items.get(0).asLong().orElse(0);
        String text = items.size() < 2 ? "" : items.get(1).asText().orElse("");
        boolean known = code > 0 && code <= 65_535;
        return new Krpc.Failure(transaction, known ? (int) code : Krpc.GENERIC_ERROR, text);
    }

    private static Krpc.Want want(BencodeValue arguments) {
        BencodeValue want = arguments.get("want");
        if (want == null) {
            return Krpc.Want.DEFAULT;
        }
        boolean four = false;
        boolean six = false;
        for (BencodeValue item : want.items()) {
            String name = item.asText().orElse("");
            four |= name.equals(Family.FOUR.want);
            six |= name.equals(Family.SIX.want);
        }
        return new Krpc.Want(four, six);
    }

    private static @Nullable NodeId id(BencodeValue dictionary, String key) {
        byte[] bytes = dictionary.getBytes(key).orElse(null);
        return bytes == null || bytes.length != NodeId.LENGTH ? null : NodeId.of(bytes, 0);
    }

    private static @Nullable String text(BencodeValue dictionary, String key) {
        byte[] bytes = dictionary.getBytes(key).orElse(null);
        return bytes == null || bytes.length > MAX_TEXT ? null : new String(bytes, ISO_8859_1);
    }

    private static long number(BencodeValue dictionary, String key) {
        OptionalLong number = dictionary.getLong(key);
        return number.orElse(0);
    }
}
