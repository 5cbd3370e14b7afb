/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.violation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.AllowedFastSet;
import org.peerwire.Ignored;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.message.Message;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Mono;

/** Tests violations of the Fast extension (BEP 6). */
class FastAttackTest {
    private static final LocalPeer LARGE = SELF.withShape(TorrentShape.of(5_000L * BLOCK, BLOCK));

    private static Stream<Message> fastMessages() {
        return Stream.of(
                new Message.SuggestPiece(1),
                new Message.HaveAll(),
                new Message.HaveNone(),
                reject(block(0, 0)),
                new Message.AllowedFast(1));
    }

    private static List<Message> announced(ScriptedPeer peer) {
        peer.wire().blocks().serve(block -> Mono.empty()).subscribe();
        return peer.received();
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    // case 48
    @ParameterizedTest
    @MethodSource("fastMessages")
    void a27_withoutItReceivingOneClosesTheWire(Message message) {
        assertThat(violation(peer(PLAIN).send(message))).isEqualTo(Reason.UNEXPECTED);
        assertThat(violation(peer(SELF.withFeatures(PLAIN), FAST).send(message)))
                .isEqualTo(Reason.UNEXPECTED);
    }

    @Test
    void a28_rejectOfWhatWasNotAskedForIsIgnoredSixtyFourTimes() {
        ScriptedPeer peer = peer(FAST);
        for (int i = 0; i < 64; i++) {
            peer.send(reject(block(0, 0)));
        }
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_REJECT)).isEqualTo(64);

        peer.send(reject(block(0, 0)));
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a29_allowedFastPiecesAreKeptInTheirOrderAndNoMoreThan128() {
        ScriptedPeer peer = peer(LARGE, FAST);
        for (int i = 0; i < 10_000; i++) {
            peer.send(new Message.AllowedFast(4_999 - i % 5_000));
        }

        assertThat(peer.wire().peerAllowedFast())
                .containsExactlyElementsOf(
                        IntStream.range(0, 128).mapToObj(i -> 4_999 - i).toList());
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void a29_allowedFastPieceThatCannotBeIsIgnored() {
        ScriptedPeer peer = peer(FAST).send(new Message.AllowedFast(-1), new Message.AllowedFast(PIECES));

        assertThat(peer.wire().peerAllowedFast()).isEmpty();
        assertThat(peer.wire().stats().ignored(Ignored.INVALID_ADVICE)).isEqualTo(2);
        peer.dispose();
    }

    // case 57
    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "5,5", "10,10", "11,10"})
    void a29_smallTorrentHasASmallSet(int pieces, int announced) {
        ScriptedPeer peer = peer(SELF.withShape(TorrentShape.of((long) pieces * PIECE, PIECE)), FAST);

        assertThat(new HashSet<>(announced(peer))).hasSize(announced);
        peer.dispose();
    }

    // case 50
    @Test
    void a30_suggestionsAreKeptNewestFirstAndSixteenOfThem() {
        ScriptedPeer peer = peer(LARGE, FAST);
        for (int piece = 0; piece < 20; piece++) {
            peer.send(new Message.SuggestPiece(piece));
        }
        assertThat(peer.wire().peerSuggested())
                .containsExactly(19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4);

        peer.send(new Message.SuggestPiece(7));

        assertThat(peer.wire().peerSuggested())
                .containsExactly(7, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 6, 5, 4);
        peer.dispose();
    }

    // case 50
    @Test
    void a30_suggestionThatCannotBeIsIgnored() {
        ScriptedPeer peer = peer(FAST);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(new Message.SuggestPiece(-234), new Message.SuggestPiece(PIECES), new Message.SuggestPiece(9));

        assertThat(peer.wire().peerSuggested()).containsExactly(9);
        assertThat(inbound.values()).containsExactly(new Message.SuggestPiece(9));
        assertThat(peer.wire().stats().ignored(Ignored.INVALID_ADVICE)).isEqualTo(2);
        peer.dispose();
    }

    // case 57
    @Test
    void a31_nothingIsAnnouncedToAPeerOnIpv6() {
        WirePair pair = WirePair.builder(SELF, OTHER)
                .addresses(new InetSocketAddress("2001:db8::1", 50_001), new InetSocketAddress("2001:db8::2", 6881))
                .open();
        pair.responder().blocks().serve(block -> Mono.empty()).subscribe();

        assertThat(pair.initiator().peerAllowedFast()).isEmpty();
        pair.dispose();
    }

    // case 58
    @Test
    void a31_wholeNetworkHasTheSameSet() throws UnknownHostException {
        InfoHash hash = InfoHash.parse("aa".repeat(20));
        List<Integer> set = AllowedFastSet.of(address("80.4.4.200"), hash, 1313, 9);

        assertThat(set).containsExactly(1059, 431, 808, 1217, 287, 376, 1188, 353, 508);
        assertThat(AllowedFastSet.of(address("80.4.4.1"), hash, 1313, 9)).isEqualTo(set);
        assertThat(AllowedFastSet.of(address("80.4.5.200"), hash, 1313, 9)).isNotEqualTo(set);
        assertThat(AllowedFastSet.of(address("2001:db8::1"), hash, 1313, 9)).isEmpty();
    }

    @Test
    void a29_howManyAreKeptIsAnOption() {
        ScriptedPeer peer = peer(
                LARGE,
                FAST,
                options -> options.limits(limits -> limits.maxAllowedFast(2).maxSuggested(1)));

        peer.send(new Message.AllowedFast(1), new Message.AllowedFast(2), new Message.AllowedFast(3));
        peer.send(new Message.SuggestPiece(1), new Message.SuggestPiece(2));

        assertThat(peer.wire().peerAllowedFast()).containsExactly(1, 2);
        assertThat(peer.wire().peerSuggested()).containsExactly(2);
        assertThat(peer.wire().stats().ignored(Ignored.INVALID_ADVICE)).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void a28_chokesInQuickSuccessionAreCountedAndEndTheWire() {
        ScriptedPeer peer = peer(FAST);
        for (int i = 0; i < 100; i++) {
            peer.send(new Message.Unchoke(), new Message.Choke());
        }
        peer.send(new Message.Unchoke());
        assertThat(peer.wire().stats().ignored(Ignored.RAPID_CHOKE)).isEqualTo(100);
        assertThat(peer.wire().state().peerChoking()).isFalse();

        peer.send(new Message.Choke());

        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a28_chokesASecondApartAreNoAnomaly() {
        ScriptedPeer peer = peer(FAST);
        for (int i = 0; i < 500; i++) {
            peer.send(new Message.Unchoke()).advance(Duration.ofSeconds(1));
            peer.send(new Message.Choke()).advance(Duration.ofSeconds(1));
        }

        assertThat(peer.wire().stats().ignored(Ignored.RAPID_CHOKE)).isZero();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }
}
