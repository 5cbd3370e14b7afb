/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.AllowedFastSet;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FastExtensionTest {
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

    private static List<Message> allowed(List<Integer> pieces) {
        return pieces.stream().<Message>map(Message.AllowedFast::new).toList();
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    // case 43
    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,false", "false,true,false", "false,false,false"})
    void itIsOnWhenBothSidesSupportIt(boolean ours, boolean theirs, boolean on) {
        WirePair pair =
                WirePair.open(SELF.withFeatures(ours ? FAST : PLAIN), OTHER.withFeatures(theirs ? FAST : PLAIN));

        assertThat(pair.initiator().features().has(Feature.FAST)).isEqualTo(on);
        assertThat(pair.responder().features().has(Feature.FAST)).isEqualTo(on);
        pair.dispose();
    }

    // case 44
    @Test
    void eachMessageReachesTheOtherSideOnce() {
        WirePair pair = WirePair.open(SELF.withFeatures(FAST), OTHER.withFeatures(FAST));
        Recorder<Message> inbound = Recorder.of(pair.responder().inbound());

        fastMessages().forEach(pair.initiator().outbound()::tryEmit);

        assertThat(inbound.values()).containsExactlyElementsOf(fastMessages().toList());
        assertThat(pair.responder().peerSuggested()).containsExactly(1);
        assertThat(pair.responder().peerAllowedFast()).containsExactly(1);
        pair.dispose();
    }

    // case 48
    @ParameterizedTest
    @MethodSource("fastMessages")
    void withoutItSendingOneFailsHere(Message message) {
        ScriptedPeer peer = peer(PLAIN);
        Wire wire = peer.wire();

        assertThatIllegalStateException().isThrownBy(() -> wire.outbound().tryEmit(message));
        assertThat(Recorder.of(wire.outbound().send(message)).error()).isInstanceOf(IllegalStateException.class);
        assertThat(Recorder.of(wire.outbound().send(Flux.just(message))).error())
                .isInstanceOf(IllegalStateException.class);
        assertThat(peer.isClosed()).isFalse();
        peer.expectNothing().dispose();
    }

    // case 49
    @Test
    void adviceBeforeTheShapeIsRemembered() {
        ScriptedPeer peer = peer(UNSHAPED, FAST)
                .send(new Message.AllowedFast(3), new Message.AllowedFast(100), new Message.SuggestPiece(100))
                .send(new Message.SuggestPiece(4));

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerAllowedFast()).containsExactly(3);
        assertThat(peer.wire().peerSuggested()).containsExactly(4);
        peer.wire().blocks().download(Flux.just(block(3, 0))).subscribe();
        assertThat(peer.expect(Message.Request.class).block()).isEqualTo(block(3, 0));
        peer.dispose();
    }

    // case 57
    @Test
    void servingAnnouncesTheSetOfThePeersNetwork() throws UnknownHostException {
        ScriptedPeer peer = peer(LARGE, FAST);

        List<Message> sent = announced(peer);

        assertThat(sent)
                .containsExactlyElementsOf(
                        allowed(AllowedFastSet.of(address("198.51.100.200"), LARGE.infoHash(), 5_000, 10)))
                .hasSize(10)
                .doesNotHaveDuplicates();
        peer.dispose();
    }

    // case 57
    @Test
    void servingAnnouncesAsManyAsTheOptionSays() {
        ScriptedPeer thirteen = peer(LARGE, FAST, options -> options.allowedFastPieces(13));
        assertThat(announced(thirteen)).hasSize(13).doesNotHaveDuplicates();
        thirteen.dispose();

        ScriptedPeer none = peer(LARGE, FAST, options -> options.allowedFastPieces(0));
        assertThat(announced(none)).isEmpty();
        none.dispose();
    }

    // case 57
    @Test
    void nothingIsAnnouncedWithoutFastOrShape() {
        ScriptedPeer plain = peer(PLAIN);
        ScriptedPeer unshaped = peer(UNSHAPED, FAST);

        assertThat(announced(plain)).isEmpty();
        assertThat(announced(unshaped)).isEmpty();
        plain.dispose();
        unshaped.dispose();
    }
}
