/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes on real sockets of the loopback interface. */
class DhtSocketTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_PACKET = 2_048;
    private static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    private final List<Dht> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        Flux.fromIterable(nodes).flatMap(Dht::close).blockLast(LIMIT);
    }

    private Dht start(DhtOptions.Builder options) {
        Dht node = Dht.create(options.allowLocal(true).build());
        nodes.add(node);
        return await(node.start());
    }

    private static DhtOptions.Builder loopback(InetSocketAddress... bootstrap) {
        return DhtOptions.builder().bootstrap(bootstrap).listen(new InetSocketAddress("127.0.0.1", 0));
    }

    private static <T> T await(Mono<T> result) {
        return result.block(LIMIT);
    }

    private static InetSocketAddress address(Dht node) {
        return await(node.addresses()).get(0);
    }

    @Test
    void peersAreFoundOverRealSockets() {
        Dht first = start(loopback());
        for (int i = 0; i < 8; i++) {
            start(loopback(address(first)));
        }
        await(nodes.get(3).announce(HASH, 5_003).thenReturn(true));
        await(nodes.get(4).announce(HASH, 5_004).thenReturn(true));

        List<PeerEvent> peers = await(nodes.get(7).peers(HASH).collectList());

        assertThat(peers)
                .containsExactlyInAnyOrder(
                        new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 5_003)),
                        new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 5_004)));
        assertThat(await(nodes.get(7).stats()).nodesV4()).isGreaterThanOrEqualTo(7);
        assertThat(await(nodes.get(8).scrape(HASH)).downloaders()).isEqualTo(1);
    }

    /** A wildcard of IPv4 has a socket that the system shows as one of IPv6. */
    @Test
    void aNodeOnAllAddressesHasATableForEachFamily() {
        Dht four = start(loopback());
        Dht six = start(DhtOptions.builder().bootstrap().listen(new InetSocketAddress("::1", 0)));
        Dht node = start(DhtOptions.builder()
                .bootstrap(address(four), address(six))
                .listen(new InetSocketAddress("0.0.0.0", 0), new InetSocketAddress("::", 0)));

        assertThat(await(node.stats()).nodesV4()).isEqualTo(1);
        assertThat(await(node.stats()).nodesV6()).isEqualTo(1);
        assertThat(await(node.addresses()))
                .extracting(InetSocketAddress::getHostString)
                .containsExactlyInAnyOrder("0.0.0.0", "0:0:0:0:0:0:0:0");
    }

    @Test
    void aPortThatIsTakenFailsTheStartWithItsAddress() {
        InetSocketAddress taken = address(start(loopback()));
        Dht second = Dht.create(loopback().listen(taken).build());

        assertThatThrownBy(() -> await(second.start()))
                .isInstanceOfSatisfying(DhtException.class, error -> assertThat(error.reason())
                        .isEqualTo(DhtException.Reason.NO_SOCKET))
                .hasMessageContaining(":" + taken.getPort());

        await(nodes.remove(0).close().thenReturn(true));
        nodes.add(second);
        assertThat(address(await(second.start()))).isEqualTo(taken);
    }

    @Test
    void thePortIsFreeAfterTheClose() {
        Dht node = start(loopback());
        InetSocketAddress address = address(node);
        await(node.close().thenReturn(true));

        assertThat(address(start(DhtOptions.builder().bootstrap().listen(address))))
                .isEqualTo(address);
    }

    @Test
    void anySenderIsAnsweredAndRubbishIsNot() throws Exception {
        Dht node = start(loopback());
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            send(socket, address(node), "rubbish".getBytes(ISO_8859_1));
            send(socket, address(node), new byte[0]);
            send(socket, address(node), new byte[60_000]);
            send(
                    socket,
                    address(node),
                    "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe".getBytes(ISO_8859_1));
            DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
            socket.receive(answer);

            assertThat(new String(answer.getData(), 0, answer.getLength(), ISO_8859_1))
                    .startsWith("d2:ip6:")
                    .contains("1:rd2:id20:")
                    .endsWith("1:t2:aa1:v4:PW\0\u00011:y1:re");
        }
        assertThat(await(node.stats()).malformed()).isGreaterThanOrEqualTo(2);
    }

    /** Where the system can, one call reads several datagrams into parts of one buffer. */
    @Test
    void questionsOfOneMomentAreAllAnsweredAndTooLongOnesAmongThemAreNot() throws Exception {
        Dht node = start(loopback());
        Set<String> answered = new HashSet<>();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            for (int i = 0; i < 50; i++) {
                byte[] longest = ping(i, MAX_PACKET);
                byte[] tooLong = Arrays.copyOf(longest, MAX_PACKET + 1);
                send(socket, address(node), i % 5 == 0 ? tooLong : i % 5 == 1 ? longest : ping(i, 100));
            }
            while (answered.size() < 40) {
                DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
                socket.receive(answer);
                String text = new String(answer.getData(), 0, answer.getLength(), ISO_8859_1);
                if (text.endsWith("1:y1:re")) { // else it is a ping of the node
                    answered.add(text.replaceFirst("(?s).*1:t2:(..)1:v4:.*", "$1"));
                }
            }
        }

        assertThat(answered).allMatch(number -> Integer.parseInt(number) % 5 != 0);
        assertThat(await(node.stats()).malformed()).isEqualTo(10);
        assertThat(await(node.stats()).queriesAnswered()).isEqualTo(40);
    }

    /** Returns a question of a length, with a key that the node does not know. */
    private static byte[] ping(int number, int length) {
        String format = "d1:ad2:id20:abcdefghij01234567891:x%d:%se1:q4:ping1:t2:%02d1:y1:qe";
        int text = length - format.formatted(1_000, "", number).length() + (length < 1_000 ? 2 : 0);
        return format.formatted(text, "x".repeat(text), number).getBytes(ISO_8859_1);
    }

    private static void send(DatagramSocket socket, InetSocketAddress to, byte[] packet) throws Exception {
        socket.send(new DatagramPacket(packet, packet.length, to));
    }

    @Test
    void aSocketOfEachFamilyIsOpenedWhereTheSystemHasBoth() {
        Dht node = start(DhtOptions.builder().bootstrap());

        assertThat(await(node.addresses())).hasSizeBetween(1, 2).allMatch(address -> address.getPort() != 0);
    }
}
