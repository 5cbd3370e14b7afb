/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzz tests of datagrams. A packet is a message within the limits or none. Written and read again it is the same. A
 * question gets an answer that is not longer than four times the question, and a node never fails.
 *
 * <p>Attack A-96.
 */
class KrpcFuzzTest {
    static Stream<byte[]> seeds() {
        String id = "2:id20:abcdefghij0123456789";
        String hash = "9:info_hash20:mnopqrstuvwxyz123456";
        return Stream.of(
                        "d1:ad" + id + "e1:q4:ping2:roi1e1:t2:aa1:v4:PW011:y1:qe",
                        "d1:ad" + id + "6:target20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:q9:find_node1:t2:aa1:y1:qe",
                        "d1:ad" + id + hash + "6:noseedi1e6:scrapei1ee1:q9:get_peers1:t2:aa1:y1:qe",
                        "d1:ad" + id + "12:implied_porti1e" + hash
                                + "4:porti6881e4:seedi1e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
                        "d1:ad" + id + "6:target20:mnopqrstuvwxyz123456e1:q17:sample_infohashes1:t2:aa1:y1:qe",
                        "d2:ip6:axje.u1:rd" + id + "5:nodes26:mnopqrstuvwxyz123456axje.u5:token8:aoeusnth"
                                + "6:valuesl6:axje.u18:0123456789abcdefAB6:idhtnmee1:t2:aa1:y1:re",
                        "d1:rd4:BFpe256:" + "\1".repeat(256) + "4:BFsd256:" + "\u00ff".repeat(256) + id
                                + "8:intervali60e3:numi7e7:samples20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re",
                        "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
                        "d1:ad" + id + "e1:q3:put1:t2:aa1:y1:qe",
                        "d1:allllllee1:t0:1:y1:qe")
                .map(packet -> packet.getBytes(ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aPacketIsAMessageWithinTheLimitsOrNone(byte[] packet) {
        Krpc message = KrpcReader.read(packet);
        if (message == null) {
            return;
        }
        assertThat(message.transaction()).hasSizeLessThanOrEqualTo(KrpcReader.MAX_TEXT);
        if (message instanceof Krpc.Reply reply) {
            assertThat(reply.facts().nodes()).hasSizeLessThanOrEqualTo(2 * KrpcReader.MAX_NODES);
            assertThat(reply.facts().peers()).hasSizeLessThanOrEqualTo(KrpcReader.MAX_PACKET / 8);
        }
        byte[] again = KrpcWriter.write(message);
        if (message instanceof Krpc.Query) {
            assertThat(KrpcReader.read(again)).isEqualTo(message);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyDatagramLeavesANodeAliveAndGetsAShortAnswer(byte[] packet) {
        Random random = new Random(1);
        Server server = server(random);
        Krpc message = KrpcReader.read(packet);
        byte[] answer = null;
        if (message instanceof Krpc.Query query) {
            answer = server.answer(
                    query,
                    NodeId.random(random),
                    DatagramNet.address(1),
                    packet.length,
                    false,
                    (family, target, max) -> List.of());
        } else if (message instanceof Krpc.BadQuery query) {
            answer = server.answer(query, packet.length);
        }
        if (answer != null) {
            assertThat(answer.length).isLessThanOrEqualTo(Server.MAX_AMPLIFICATION * packet.length);
            assertThat(KrpcReader.read(answer)).isNotNull();
        }
    }

    private static Server server(Random random) {
        PeerStore store = new PeerStore(10, 10, 1_000, () -> 0);
        return new Server(store, new Tokens(random, () -> 0), random, () -> 0, true);
    }

    @FuzzTest
    void savedNodesAreReadOrRefused(byte[] saved) {
        Saved nodes;
        try {
            nodes = Saved.decode(saved);
        } catch (IllegalArgumentException refused) {
            assertThat(refused)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("saved nodes must");
            return;
        }
        assertThat(nodes.nodes()).hasSizeLessThanOrEqualTo(2 * Saved.MAX_NODES);
    }
}
