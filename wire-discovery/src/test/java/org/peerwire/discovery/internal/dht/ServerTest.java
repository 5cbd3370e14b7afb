/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.internal.dht.Krpc.Ask;
import org.peerwire.discovery.internal.dht.Krpc.Want;

/** The answers to others: tokens, the stored peers, and how long an answer may be. Attacks. */
class ServerTest {
    private static final InetSocketAddress ASKING = DatagramNet.address(1);
    private static final InetSocketAddress OTHER = DatagramNet.address(2);

    private final Random random = new Random(1);
    private final NodeId own = NodeId.random(random);
    private final NodeId hash = NodeId.random(random);
    private final List<Node> four = new ArrayList<>();
    private final List<Node> six = new ArrayList<>();
    private long now;
    private final PeerStore store = new PeerStore(10, 100, 1_000, () -> now);
    private final Tokens tokens = new Tokens(random, () -> now);
    private final Server server = new Server(store, tokens, random, () -> now, true);

    ServerTest() {
        for (int i = 0; i < 8; i++) {
            four.add(new Node(NodeId.random(random), DatagramNet.address(i)));
            InetSocketAddress address =
                    new InetSocketAddress(DatagramNet.ip(0x20, 1, 0xd, i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 6881);
            six.add(new Node(NodeId.random(random), address));
        }
    }

    private byte[] packet(Ask ask) {
        return KrpcWriter.write(new Krpc.Query("abcd", NodeId.random(random), false, ask));
    }

    private byte[] bytes(Ask ask, InetSocketAddress from, int length, boolean proven) {
        Krpc.Query query = (Krpc.Query) Objects.requireNonNull(KrpcReader.read(packet(ask)));
        return server.answer(query, own, from, length, proven, this::closest);
    }

    private List<Node> closest(Family family, NodeId target, int max) {
        return (family == Family.FOUR ? four : six).subList(0, Math.min(8, max));
    }

    private Krpc answer(Ask ask, InetSocketAddress from) {
        return Objects.requireNonNull(KrpcReader.read(bytes(ask, from, packet(ask).length, false)));
    }

    private Krpc.Facts facts(Ask ask, InetSocketAddress from) {
        return ((Krpc.Reply) answer(ask, from)).facts();
    }

    private Ask.GetPeers get() {
        return new Ask.GetPeers(hash, Want.DEFAULT, false, false);
    }

    private String token(InetSocketAddress of) {
        return Objects.requireNonNull(facts(get(), of).token());
    }

    private Ask announce(String token) {
        return new Ask.AnnouncePeer(hash, 5_000, false, false, token);
    }

    @Test
    void anAnnouncementWithTheTokenOfItsAddressIsStored() {
        assertThat(answer(announce(token(ASKING)), ASKING)).isInstanceOf(Krpc.Reply.class);

        Krpc.Facts facts = facts(get(), OTHER);
        assertThat(facts.peers()).containsExactly(new InetSocketAddress(ASKING.getAddress(), 5_000));
        assertThat(facts.nodes()).isEqualTo(four);
    }

    @Test
    void anAnnouncementWithAnotherTokenIsRefused() {
        for (String token : List.of("", "12345678", token(OTHER))) {
            assertThat(answer(announce(token), ASKING))
                    .isInstanceOfSatisfying(Krpc.Failure.class, failure -> assertThat(failure.code())
                            .isEqualTo(Krpc.PROTOCOL_ERROR));
        }
        assertThat(store.peers()).isZero();
    }

    @Test
    void aTokenIsGoodForFiveToTenMinutes() {
        now = 4 * 60_000;
        String token = token(ASKING);
        now += Tokens.ROTATION_MILLIS;
        assertThat(answer(announce(token), ASKING)).isInstanceOf(Krpc.Reply.class);
        now += Tokens.ROTATION_MILLIS;
        assertThat(answer(announce(token), ASKING)).isInstanceOf(Krpc.Failure.class);

        String idle = token(ASKING);
        now += 10 * Tokens.ROTATION_MILLIS;
        assertThat(answer(announce(idle), ASKING)).isInstanceOf(Krpc.Failure.class);
    }

    @Test
    void anImpliedPortIsThatOfThePacket() {
        answer(new Ask.AnnouncePeer(hash, 0, true, false, token(ASKING)), ASKING);

        assertThat(facts(get(), OTHER).peers()).containsExactly(ASKING);
    }

    @Test
    void noAnswerToAnUnprovenAddressIsLongerThanFourTimesTheQuestion() {
        for (int i = 0; i < 100; i++) {
            InetSocketAddress peer = DatagramNet.address(1_000 + i);
            answer(announce(token(peer)), peer);
        }
        List<Ask> asks = List.of(
                new Ask.Ping(),
                new Ask.FindNode(hash, Want.BOTH),
                get(),
                new Ask.GetPeers(hash, Want.BOTH, false, false),
                new Ask.GetPeers(hash, Want.BOTH, true, false),
                new Ask.Sample(hash, Want.BOTH));
        for (Ask ask : asks) {
            for (int length = 20; length < 400; length++) {
                byte[] answer = bytes(ask, OTHER, length, false);
                if (answer != null) {
                    assertThat(answer.length).isLessThanOrEqualTo(4 * length);
                }
            }
            assertThat(bytes(ask, OTHER, packet(ask).length, false))
                    .as("%s", ask)
                    .isNotNull();
            assertThat(bytes(ask, OTHER, 100, true)).hasSizeLessThanOrEqualTo(Server.MAX_ANSWER);
        }
        assertThat(facts(get(), OTHER).peers()).hasSizeBetween(5, 99);
        assertThat(facts(get(), OTHER).nodes()).hasSizeBetween(4, 8);
        Krpc.Reply proven = (Krpc.Reply) KrpcReader.read(bytes(get(), OTHER, 100, true));
        assertThat(proven.facts().peers()).hasSizeGreaterThan(75);
    }

    @Test
    void anErrorIsNotLongerThanFourTimesTheQuestion() {
        Krpc.BadQuery bad = new Krpc.BadQuery("a", Krpc.METHOD_UNKNOWN, "Method Unknown");
        assertThat(server.answer(bad, 20)).isNotNull().hasSizeLessThanOrEqualTo(80);
        assertThat(server.answer(bad, 10)).isNull();
    }

    @Test
    void nodesAreThoseOfTheWantedFamilies() {
        assertThat(facts(new Ask.FindNode(hash, Want.DEFAULT), OTHER).nodes()).isEqualTo(four);
        assertThat(facts(new Ask.FindNode(hash, new Want(false, true)), OTHER).nodes())
                .isNotEmpty()
                .allMatch(six::contains);
        Krpc.Reply both = (Krpc.Reply) KrpcReader.read(bytes(new Ask.FindNode(hash, Want.BOTH), OTHER, 100, true));
        assertThat(both.facts().nodes()).containsAll(four).containsAll(six);
    }

    @Test
    void seedsAreLeftOutIfNotWantedAndCountedApart() {
        answer(new Ask.AnnouncePeer(hash, 1, false, true, token(ASKING)), ASKING);
        answer(new Ask.AnnouncePeer(hash, 2, false, false, token(OTHER)), OTHER);

        assertThat(facts(new Ask.GetPeers(hash, Want.DEFAULT, false, true), ASKING)
                        .peers())
                .containsExactly(new InetSocketAddress(OTHER.getAddress(), 2));
        Krpc.Filters filters =
                facts(new Ask.GetPeers(hash, Want.DEFAULT, true, false), ASKING).filters();
        assertThat(filters).isNotNull();
        assertThat(filters.seeds().estimate()).isBetween(0.9, 1.1);
        assertThat(filters.downloaders().estimate()).isBetween(0.9, 1.1);
    }

    @Test
    void aSampleStaysTheSameForItsInterval() {
        for (int i = 0; i < 10; i++) {
            store.add(NodeId.random(random), ASKING, false);
        }
        Ask.Sample ask = new Ask.Sample(hash, Want.DEFAULT);
        Krpc.Samples first = ((Krpc.Reply) KrpcReader.read(bytes(ask, OTHER, 400, true)))
                .facts()
                .samples();
        store.add(hash, ASKING, false);
        now += 100_000;
        Krpc.Samples later = ((Krpc.Reply) KrpcReader.read(bytes(ask, OTHER, 400, true)))
                .facts()
                .samples();

        assertThat(first.hashes()).hasSize(10);
        assertThat(first.total()).isEqualTo(10);
        assertThat(later.hashes()).isEqualTo(first.hashes()).doesNotContain(hash);
        assertThat(later.interval()).isEqualTo(Server.SAMPLE_SECONDS - 100);

        now += Server.SAMPLE_SECONDS * 1_000L;
        assertThat(((Krpc.Reply) KrpcReader.read(bytes(ask, OTHER, 400, true)))
                        .facts()
                        .samples()
                        .hashes())
                .contains(hash);
    }

    @Test
    void samplesAreRefusedUnlessAllowed() {
        Server closed = new Server(store, tokens, random, () -> now, false);
        Krpc.Query query = new Krpc.Query("ab", own, false, new Ask.Sample(hash, Want.DEFAULT));
        assertThat(KrpcReader.read(closed.answer(query, own, OTHER, 100, true, this::closest)))
                .isEqualTo(new Krpc.Failure("ab", Krpc.METHOD_UNKNOWN, "Method Unknown"));
    }

    @Test
    void theStoreIsBoundedInEachDirection() {
        NodeId first = NodeId.random(random);
        store.add(first, ASKING, false);
        for (int i = 0; i < 500; i++) {
            store.add(hash, DatagramNet.address(i), false);
        }
        assertThat(store.peers()).isEqualTo(101);
        assertThat(store.peers(hash, Family.FOUR, false, 1_000, random))
                .hasSize(100)
                .contains(DatagramNet.address(499))
                .doesNotContain(DatagramNet.address(399));

        for (int i = 0; i < 9; i++) {
            store.add(NodeId.random(random), ASKING, false);
        }
        assertThat(store.hashes()).isEqualTo(10);
        assertThat(store.peers(first, Family.FOUR, false, 9, random)).isEmpty();
        assertThat(store.peers()).isEqualTo(109);
    }

    @Test
    void oneAddressHasFourPortsInATorrent() {
        for (int port = 1; port < 100; port++) {
            store.add(hash, new InetSocketAddress(ASKING.getAddress(), port), false);
        }
        assertThat(store.peers()).isEqualTo(PeerStore.MAX_PORTS);
    }

    @Test
    void allTorrentsTogetherHaveAtMost100000Peers() {
        PeerStore large = new PeerStore(1_000_000, 10_000, 1_000_000, () -> now);
        for (int i = 0; i < 300; i++) {
            NodeId torrent = NodeId.random(random);
            for (int peer = 0; peer < 500; peer++) {
                large.add(torrent, DatagramNet.address(peer), false);
            }
        }
        assertThat(large.peers()).isBetween(PeerStore.MAX_PEERS - 500, PeerStore.MAX_PEERS);
        assertThat(large.hashes()).isEqualTo(200);
    }

    @Test
    void oneNetworkDoesNotDriveTheOthersOut() {
        PeerStore large = new PeerStore(10_000, 100, 1_000, () -> now);
        InetSocketAddress honest = DatagramNet.address(5);
        NodeId hash = NodeId.random(random);
        large.add(hash, honest, false);
        for (int i = 0; i < 20_000; i++) {
            large.add(NodeId.random(random), new InetSocketAddress(DatagramNet.ip(9, 9, 9, i % 256), 1 + i), false);
        }

        assertThat(large.peers(hash, Family.FOUR, false, 9, random)).containsExactly(honest);
        assertThat(large.peers()).isEqualTo(1_001);
        now += PeerStore.LIFE_MILLIS;
        large.expire();
        assertThat(large.networks()).isZero();
    }

    @Test
    void aFloodOfTorrentsDoesNotDriveOutOneWithSeveralPeers() {
        NodeId hash = NodeId.random(random);
        for (int i = 0; i < 3; i++) {
            store.add(hash, DatagramNet.address(i), false);
        }
        for (int i = 0; i < 1_000; i++) {
            store.add(NodeId.random(random), DatagramNet.address(1_000 + i), false);
        }

        assertThat(store.peers(hash, Family.FOUR, false, 9, random)).hasSize(3);
        assertThat(store.hashes()).isEqualTo(10);
        assertThat(store.peers()).isEqualTo(12);
        assertThat(store.networks()).isEqualTo(12);
    }

    @Test
    void aPeerIsForgottenAfterAnHour() {
        store.add(hash, ASKING, false);
        now += PeerStore.LIFE_MILLIS - 1;
        store.expire();
        assertThat(store.peers(hash, Family.FOUR, false, 9, random)).hasSize(1);
        now++;
        assertThat(store.peers(hash, Family.FOUR, false, 9, random)).isEmpty();
        store.expire();
        assertThat(store.hashes()).isZero();
        assertThat(store.peers()).isZero();
    }
}
