/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.LTEP;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.extended;
import static org.peerwire.test.Peers.failureOf;
import static org.peerwire.test.Peers.handshake;
import static org.peerwire.test.Peers.hex;
import static org.peerwire.test.Peers.text;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.test.Role;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;

/** Tests invalid extension numbers, and messages of unknown extensions. */
class ExtensionAttackTest {
    private static final Extension PEX = Extension.named("ut_pex");
    private static final Extension METADATA = Extension.named("ut_metadata");

    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(PEX).withExtension(METADATA))
                .handshake(LTEP);
        peer.received();
        return peer;
    }

    private static ExtendedHandshake merged(ScriptedPeer peer) {
        ExtendedHandshake now = peer.wire().extendedHandshake().block(Duration.ofSeconds(1));
        assertThat(now).isNotNull();
        return now;
    }

    private static Features features(boolean extensionProtocol) {
        return extensionProtocol ? Features.DEFAULT : Features.of(Feature.FAST, Feature.DHT);
    }

    @Test
    void a34_idZeroForWhatWasNeverListedIsNothing() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi0eee"));

        assertThat(peer.wire().extension("ut_pex").supported()).isFalse();
        assertThat(merged(peer).extensions()).isEmpty();
        peer.dispose();
    }

    @ParameterizedTest
    @CsvSource({
        "i-1e",
        "i256e",
        "i4294967297e",
        "1:1",
        "le",
        "d1:ai1ee",
    })
    void a34_invalidNumberIsCountedAndLeavesTheOthersAlone(String bencode) {
        ScriptedPeer peer = peer().send(handshake("d1:md11:ut_metadatai2e6:ut_pex" + bencode + "e1:v1:Xe"));

        assertThat(peer.wire().stats().ignored(Ignored.HANDSHAKE_VALUE)).isEqualTo(1);
        assertThat(merged(peer).extensions()).isEqualTo(Map.of("ut_metadata", 2));
        assertThat(merged(peer).client()).contains("X");
        assertThat(peer.wire().extension("ut_pex").supported()).isFalse();
        peer.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"i-1e", "i256e", "1:1"})
    void a34_invalidNumberKeepsTheFormerOne(String bencode) {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi5eee"), handshake("d1:md6:ut_pex" + bencode + "ee"));

        assertThat(merged(peer).extensions()).isEqualTo(Map.of("ut_pex", 5));
        peer.dispose();
    }

    @Test
    void a34_twoNamesOnOneNumberAreToldAndUsed() {
        ScriptedPeer peer = peer().send(handshake("d1:md11:ut_metadatai4e6:ut_pexi4eee"));

        assertThat(merged(peer).conflicts()).isEqualTo(Map.of(4, List.of("ut_metadata", "ut_pex")));
        peer.wire().extension("ut_pex").send(hex("aa")).subscribe();
        peer.wire().extension("ut_metadata").send(hex("bb")).subscribe();

        peer.expect(new Message.Extended(4, hex("aa"))).expect(new Message.Extended(4, hex("bb")));
        peer.send(handshake("d1:md6:ut_pexi5eee"));
        assertThat(merged(peer).conflicts()).isEmpty();
        peer.dispose();
    }

    // a message does not imply support
    @Test
    void a35_messageBeforeTheHandshakeIsTakenAndMeansNoSupport() {
        ScriptedPeer peer = peer();
        List<ByteBuf> seen = collect(peer.wire().extension("ut_pex").inbound());

        peer.send(extended(1, "early"));

        assertThat(seen).containsExactly(text("early"));
        assertThat(peer.wire().extension("ut_pex").supported()).isFalse();
        peer.dispose();
    }

    // cases 22, 66
    @ParameterizedTest
    @ValueSource(ints = {4, 100, 255})
    void a35_numberWeHaveNotGivenIsIgnoredAndCounted(int id) {
        ScriptedPeer peer = peer();
        List<ByteBuf> seen = collect(peer.wire().extension("ut_pex").inbound());

        peer.send(extended(id, "?"), new Message.Unchoke());

        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(1);
        assertThat(peer.wire().state().peerChoking()).isFalse();
        assertThat(seen).isEmpty();
        peer.dispose();
    }

    @Test
    void a35_hundredOfThemAreTheLimit() {
        ScriptedPeer peer = peer();
        for (int i = 0; i < 100; i++) {
            peer.send(extended(77, "?"));
        }
        assertThat(peer.wire().isDisposed()).isFalse();

        peer.send(extended(77, "?"));

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.FLOOD);
        assertThat(peer.isClosed()).isTrue();
    }

    // case 129
    @Test
    void a35_messageInFlightWhileWeDisableIsNotAnError() {
        WirePair pair = WirePair.open(alice().withExtension(PEX), bob().withExtension(PEX));
        pair.toResponder().hold();
        pair.initiator().readvertise(b -> b.disable("ut_pex")).subscribe();

        pair.responder().extension("ut_pex").send(hex("aa")).subscribe();
        pair.toResponder().letGo();

        assertThat(pair.initiator().isDisposed()).isFalse();
        assertThat(pair.responder().extension("ut_pex").supported()).isFalse();
        assertThat(failureOf(pair.responder().extension("ut_pex").send(hex("bb"))))
                .isInstanceOf(IllegalStateException.class);
        pair.dispose();
    }

    // case 129
    @Test
    void a35_messageForWhatWeHaveWithdrawnIsIgnoredAndCounted() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi1eee"));
        List<ByteBuf> seen = collect(peer.wire().extension("ut_pex").inbound());

        peer.wire().readvertise(b -> b.disable("ut_pex")).block(Duration.ofSeconds(1));
        peer.send(extended(1, "late"));

        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(1);
        assertThat(seen).isEmpty();
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.wire().readvertise(b -> b.enable("ut_pex")).block(Duration.ofSeconds(1));
        peer.send(extended(1, "again"));
        assertThat(seen).containsExactly(text("again"));
        peer.dispose();
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "false, false"})
    void a36_extendedMessageWithoutTheBitEndsTheWire(boolean ours, boolean theirs) {
        ScriptedPeer peer = ScriptedPeer.dialling(alice().withFeatures(features(ours)))
                .handshake(features(theirs))
                .send(handshake("d1:mdee"));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.UNEXPECTED);
        assertThat(error.messageId()).isEqualTo(20);
    }

    // both bits are required, the peer's and ours
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void a39_extendedHandshakeIsSentOnlyIfBothHaveTheBit(boolean ours, boolean theirs) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice().withFeatures(features(ours))).handshake(features(theirs));

            if (ours && theirs) {
                assertThat(peer.expect(Message.Extended.class).id()).isZero();
            }
            peer.advance(Duration.ofSeconds(100)).expectNothing();
            assertThat(peer.wire().features().has(Feature.EXTENSION_PROTOCOL)).isEqualTo(ours && theirs);
            peer.dispose();
        }
    }

    @Test
    void a39_peerWithoutTheBitGetsNoExtendedMessageWhateverIsAsked() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(Extension.named("ut_pex")))
                .handshake(Features.of(Feature.FAST));
        Wire wire = peer.wire();

        assertThat(failureOf(wire.readvertise(b -> b.disable("ut_pex")))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(wire.extension("ut_pex").send(hex("00")))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(wire.outbound().send(handshake("de")))).isInstanceOf(IllegalStateException.class);
        wire.shape(new TorrentShape(16_384, 16_384, true)).block(Duration.ZERO);
        wire.dontHave(0).block(Duration.ZERO);

        peer.expectNothing();
        assertThat(wire.extension("ut_pex").supported()).isFalse();
        assertThat(wire.extendedHandshake().blockOptional(Duration.ofSeconds(1)))
                .isEmpty();
        assertThat(wire.isDisposed()).isFalse();
        peer.dispose();
    }

    // many clients send 0 for "not supported" in their first handshake
    @Test
    void a34_numberOutsideOneByteIsTheOnlyOneCounted() {
        ScriptedPeer peer = peer();

        peer.send(handshake("d1:md1:ai0e1:bi255e1:ci256e1:di-1e1:e1:xee"));

        assertThat(peer.wire().stats().ignored(Ignored.HANDSHAKE_VALUE)).isEqualTo(3);
        assertThat(merged(peer).extensions()).isEqualTo(Map.of("b", 255));
        peer.dispose();
    }

    @Test
    void a36_extendedMessageWithoutTheBitIsNotHeardIfItIsTolerated() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice().withExtension(PEX),
                        options -> options.limits(
                                limits -> limits.tolerance(Ignored.EXTENDED_WITHOUT_BIT, Tolerance.of(2))),
                        wire -> {})
                .handshake(features(false));
        List<Message> seen = collect(peer.wire().inbound());

        peer.send(handshake("d1:md6:ut_pexi1eee"), extended(1, "x"), new Message.Unchoke());

        assertThat(seen).containsExactly(new Message.Unchoke());
        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_WITHOUT_BIT)).isEqualTo(2);
        assertThat(peer.wire().extension("ut_pex").supported()).isFalse();
        peer.expectNothing();
        peer.send(extended(1, "x"));
        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.FLOOD);
    }
}
