/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.discovery.internal.dht.Krpc.Ask;
import org.peerwire.discovery.internal.dht.Krpc.Facts;
import org.peerwire.discovery.internal.dht.Krpc.Want;

/** The packets of BEP 5, 32, 33, 42, 43 and 51, as text in ISO 8859-1. Attack A-90. */
class KrpcTest {
    private static final NodeId ASKING = id("abcdefghij0123456789");
    private static final NodeId TARGET = id("mnopqrstuvwxyz123456");

    private static NodeId id(String text) {
        return NodeId.of(text.getBytes(ISO_8859_1));
    }

    /** Returns a packet without the version, which the examples of the BEP lack. */
    private static String written(Krpc message) {
        return new String(KrpcWriter.write(message), ISO_8859_1).replace("1:v4:PW\0\1", "");
    }

    private static Krpc read(String packet) {
        Krpc message = KrpcReader.read(packet.getBytes(ISO_8859_1));
        assertThat(message).isNotNull();
        return message;
    }

    private static void check(String packet, Krpc message) {
        assertThat(written(message)).isEqualTo(packet);
        assertThat(read(packet)).isEqualTo(message);
    }

    private static Krpc.Query query(Ask ask) {
        return new Krpc.Query("aa", ASKING, false, ask);
    }

    private static Krpc.Reply reply(NodeId from, Facts facts) {
        return new Krpc.Reply("aa", from, null, facts);
    }

    @Test
    void theExamplesOfBep5AreReadAndWritten() {
        check("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", query(new Ask.Ping()));
        check("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", reply(TARGET, Facts.NONE));
        check(
                "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
                query(new Ask.FindNode(TARGET, Want.DEFAULT)));
        check(
                "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe",
                query(new Ask.GetPeers(TARGET, Want.DEFAULT, false, false)));
        check(
                "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
                reply(
                        ASKING,
                        new Facts(
                                List.of(),
                                List.of(
                                        new InetSocketAddress("97.120.106.101", 11_893),
                                        new InetSocketAddress("105.100.104.116", 28_269)),
                                "aoeusnth",
                                null,
                                null)));
        check(
                "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz123456"
                        + "4:porti0e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
                query(new Ask.AnnouncePeer(TARGET, 0, true, false, "aoeusnth")));
        check(
                "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
                new Krpc.Failure("aa", 201, "A Generic Error Ocurred"));
    }

    @Test
    void theExampleOfAnAnnouncementWithAnImpliedPortIsRead() {
        assertThat(read("d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:port"
                        + "i6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe"))
                .isEqualTo(query(new Ask.AnnouncePeer(TARGET, 0, true, false, "aoeusnth")));
    }

    @Test
    void nodesOfBothFamiliesAreReadAndWritten() {
        Node four = new Node(TARGET, new InetSocketAddress("97.120.106.101", 11_893));
        Node six = new Node(ASKING, new InetSocketAddress("3031:3233:3435:3637:3839:6162:6364:6566", 0x4142));

        check(
                "d1:rd2:id20:abcdefghij01234567895:nodes26:mnopqrstuvwxyz123456axje.u"
                        + "6:nodes638:abcdefghij01234567890123456789abcdefABe1:t2:aa1:y1:re",
                reply(ASKING, Facts.ofNodes(List.of(four, six))));
    }

    @Test
    void wantedFamiliesAreThoseOfTheListOrThatOfThePacket() {
        check(
                "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee"
                        + "1:q9:find_node1:t2:aa1:y1:qe",
                query(new Ask.FindNode(TARGET, Want.BOTH)));
        assertThat(Want.BOTH.includes(Family.SIX, Family.FOUR)).isTrue();
        assertThat(Want.DEFAULT.includes(Family.SIX, Family.FOUR)).isFalse();
        assertThat(Want.DEFAULT.includes(Family.SIX, Family.SIX)).isTrue();
        assertThat(new Want(false, true).includes(Family.FOUR, Family.FOUR)).isFalse();
    }

    @Test
    void aReadOnlyNodeSaysSo() {
        check(
                "d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi1e1:t2:aa1:y1:qe",
                new Krpc.Query("aa", ASKING, true, new Ask.Ping()));
    }

    @Test
    void theExternalAddressIsReadWithAndWithoutAPort() {
        String end = "1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re";
        InetSocketAddress you = new InetSocketAddress("97.120.106.101", 11_893);
        check("d2:ip6:axje.u" + end, new Krpc.Reply("aa", TARGET, you, Facts.NONE));
        assertThat(read("d2:ip4:axje" + end))
                .isEqualTo(new Krpc.Reply("aa", TARGET, new InetSocketAddress("97.120.106.101", 0), Facts.NONE));
        assertThat(read("d2:ip5:axje." + end)).isEqualTo(reply(TARGET, Facts.NONE));
    }

    @Test
    void filtersAndSamplesComeBackAsTheyWere() {
        BloomFilter filter = new BloomFilter();
        filter.add(new InetSocketAddress("192.0.2.1", 1).getAddress());
        Krpc.Samples samples = new Krpc.Samples(60, 7, List.of(TARGET, ASKING));
        Facts facts = new Facts(List.of(), List.of(), null, new Krpc.Filters(new BloomFilter(), filter), samples);

        Krpc.Reply read = (Krpc.Reply) read(written(reply(ASKING, facts)));

        assertThat(read.facts().samples()).isEqualTo(samples);
        assertThat(read.facts().filters()).isNotNull();
        assertThat(read.facts().filters().seeds().estimate()).isZero();
        assertThat(read.facts().filters().downloaders().bytes()).isEqualTo(filter.bytes());
    }

    @Test
    void aScrapeIsLongEnoughForAnAnswerOfAtMostFourTimesItsLength() {
        byte[] asked = KrpcWriter.write(query(new Ask.GetPeers(TARGET, Want.DEFAULT, true, false)));
        Krpc.Filters filters = new Krpc.Filters(new BloomFilter(), new BloomFilter());
        Facts facts = new Facts(List.of(), List.of(), "12345678", filters, null);

        assertThat(KrpcWriter.write(reply(ASKING, facts)).length).isLessThan(4 * asked.length - 208);
        assertThat(read(new String(asked, ISO_8859_1)))
                .isEqualTo(query(new Ask.GetPeers(TARGET, Want.DEFAULT, true, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i1e",
                "le",
                "de",
                "d1:t2:aae",
                "d1:t2:aa1:y1:re",
                "d1:t2:aa1:y1:xe",
                "d1:rde1:t2:aa1:y1:re",
                "d1:rd2:id19:mnopqrstuvwxyz12345e1:t2:aa1:y1:re",
                "d1:rd2:id20:mnopqrstuvwxyz123456e1:ti1e1:y1:re",
                "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:r",
                "d1:allllllllleeeeeeeee1:t2:aa1:y1:qe"
            })
    void otherPacketsAreNone(String packet) {
        assertThat(KrpcReader.read(packet.getBytes(ISO_8859_1))).isNull();
    }

    @Test
    void aLongPacketIsNone() {
        String start = "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:x";
        String end = "1:y1:re";
        int rest = KrpcReader.MAX_PACKET - start.length() - end.length() - "1996:".length();
        String longest = start + rest + ":" + "x".repeat(rest) + end;
        assertThat(longest).hasSize(KrpcReader.MAX_PACKET);
        assertThat(read(longest)).isEqualTo(reply(TARGET, Facts.NONE));

        String longer = start + (rest + 1) + ":" + "x".repeat(rest + 1) + end;
        assertThat(KrpcReader.read(longer.getBytes(ISO_8859_1))).isNull();
    }

    @Test
    void aQueryWithoutItsArgumentsIsAnErrorOfItsCode() {
        assertThat(read("d1:q4:ping1:t2:aa1:y1:qe")).isInstanceOf(Krpc.BadQuery.class);
        assertThat(((Krpc.BadQuery) read("d1:ad2:id20:abcdefghij0123456789e1:q9:find_node1:t2:aa1:y1:qe")).code())
                .isEqualTo(Krpc.PROTOCOL_ERROR);
        assertThat(((Krpc.BadQuery) read("d1:ad2:id20:abcdefghij0123456789e1:q3:put1:t2:aa1:y1:qe")).code())
                .isEqualTo(Krpc.METHOD_UNKNOWN);
        String announce = "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti%se5:token1:xe"
                + "1:q13:announce_peer1:t2:aa1:y1:qe";
        for (String port : List.of("0", "-1", "65536", "4294967297", "99999999999999999999")) {
            assertThat(read(String.format(announce, port))).as(port).isInstanceOf(Krpc.BadQuery.class);
        }
        assertThat(read(String.format(announce, "65535"))).isInstanceOf(Krpc.Query.class);
    }

    @Test
    void anAnswerGivesAtMost16NodesOfAFamilyAndNoMappedAddress() {
        String node = "mnopqrstuvwxyz123456axje.u";
        Krpc.Reply many = (Krpc.Reply) read("d1:rd2:id20:mnopqrstuvwxyz1234565:nodes522:" + node.repeat(20)
                + "xx6:nodes638:mnopqrstuvwxyz123456\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\1\2\3\4ABe1:t2:aa1:y1:re");
        assertThat(many.facts().nodes()).hasSize(16);
    }
}
