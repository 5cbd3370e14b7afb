/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A packet of the protocol (BEP 5). Byte strings without a type of their own are texts in ISO 8859-1. */
sealed interface Krpc {

    /** Another error than those below. */
    int GENERIC_ERROR = 201;

    /** The server cannot answer now. */
    int SERVER_ERROR = 202;

    /** The packet is malformed, or its arguments or its token are. */
    int PROTOCOL_ERROR = 203;

    /** The method is unknown. */
    int METHOD_UNKNOWN = 204;

    /** Returns the bytes with which the asking side recognizes the answer. */
    String transaction();

    /**
     * A question.
     *
     * @param id the id of the asking node
     * @param readOnly true if the asking node answers no questions (BEP 43)
     */
    record Query(String transaction, NodeId id, boolean readOnly, Ask ask) implements Krpc {}

    /** A question that cannot be read: it is answered with an error. */
    record BadQuery(String transaction, int code, String text) implements Krpc {}

    /** An answer. */
    record Reply(String transaction, NodeId id, @Nullable InetSocketAddress you, Facts facts) implements Krpc {}

    /** An error instead of an answer. */
    record Failure(String transaction, int code, String text) implements Krpc {}

    /** The method of a question, and its arguments. */
    sealed interface Ask {

        /** Asks for a sign of life. */
        record Ping() implements Ask {}

        /** Asks for the nodes closest to a target. */
        record FindNode(NodeId target, Want want) implements Ask {}

        /**
         * Asks for peers of a torrent.
         *
         * @param scrape true to get filters of all peers (BEP 33)
         * @param noSeed true to get no seeds (BEP 33)
         */
        record GetPeers(NodeId hash, Want want, boolean scrape, boolean noSeed) implements Ask {}

        /**
         * Adds the asking node to the peers of a torrent.
         *
         * @param port the port of the peer
         * @param implied true to use the port that the packet came from
         * @param seed true if the peer has all pieces (BEP 33)
         */
        record AnnouncePeer(NodeId hash, int port, boolean implied, boolean seed, String token) implements Ask {}

        /** Asks for info hashes that the node stores (BEP 51). */
        record Sample(NodeId target, Want want) implements Ask {}
    }

    /** The families of nodes that a question asks for (BEP 32). Neither means that of the packet. */
    record Want(boolean four, boolean six) {
        static final Want DEFAULT = new Want(false, false);
        static final Want BOTH = new Want(true, true);

        boolean includes(Family wanted, Family ofPacket) {
            if (!four && !six) {
                return wanted == ofPacket;
            }
            return wanted == Family.FOUR ? four : six;
        }
    }

    /**
     * The content of an answer.
     *
     * @param nodes nodes of both families
     * @param peers peers of both families
     * @param token the permission to announce, or null
     * @param filters the filters of seeds and other peers, or null
     * @param samples stored info hashes, or null
     */
    record Facts(
            List<Node> nodes,
            List<InetSocketAddress> peers,
            @Nullable String token,
            @Nullable Filters filters,
            @Nullable Samples samples) {
        static final Facts NONE = new Facts(List.of(), List.of(), null, null, null);

        static Facts ofNodes(List<Node> nodes) {
            return new Facts(nodes, List.of(), null, null, null);
        }
    }

    /** Filters of the addresses of a torrent's peers (BEP 33). */
    record Filters(BloomFilter seeds, BloomFilter downloaders) {}

    /**
     * Stored info hashes (BEP 51).
     *
     * @param interval the seconds until the node has others
     * @param total the number of info hashes that the node stores
     */
    record Samples(int interval, long total, List<NodeId> hashes) {}
}
