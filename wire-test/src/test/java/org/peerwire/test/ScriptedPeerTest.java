/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;

/** Tests the scripted peer in memory. */
class ScriptedPeerTest {

    @Test
    void whatItSendsTakesTheTimeOfItsLine() {
        ScriptedPeer peer = peer(PLAIN);
        peer.toWire().delay(Duration.ofSeconds(1));

        peer.send(new Message.Unchoke()).advance(Duration.ofMillis(999));
        assertThat(peer.wire().state().peerChoking()).isTrue();
        peer.advance(Duration.ofMillis(1));

        assertThat(peer.wire().state().peerChoking()).isFalse();
        peer.dispose();
    }

    @Test
    void itDoesNotHearWhatIsDroppedOnTheWay() {
        ScriptedPeer peer = peer(PLAIN);
        peer.fromWire().fault(Fault.drop());

        peer.wire().outbound().tryEmit(new Message.Interested());

        peer.expectNothing().dispose();
    }

    @Test
    void afterAHalfCloseTheWireEndsInOrder() {
        ScriptedPeer peer = peer(PLAIN);

        peer.halfClose().expectClosed();

        assertThat(Recorder.of(peer.wire().onClose()).hasCompleted()).isTrue();
    }

    @Test
    void anOpenWireIsToldWhereAClosedOneWasExpected() {
        ScriptedPeer peer = peer(PLAIN);

        assertThatExceptionOfType(AssertionError.class).isThrownBy(peer::expectClosed);
        peer.dispose();
    }

    @Test
    void itSpeaksAnExtensionUnderTheNumberTheWireHasGivenIt() {
        ScriptedPeer peer = peer(
                SELF.withExtension(Extension.named("ut_first")).withExtension(Extension.named("ut_test")), EXTENDED);
        Recorder<ByteBuf> heard = Recorder.of(peer.wire().extension("ut_test").inbound());

        peer.sendExtended("ut_test", Unpooled.wrappedBuffer(new byte[] {7}));

        assertThat(heard.values()).containsExactly(Unpooled.wrappedBuffer(new byte[] {7}));
        assertThat(peer.expectExtendedHandshake().extensions()).containsEntry("ut_test", 2);
        peer.dispose();
    }

    @Test
    void anExtensionTheWireDoesNotSpeakIsTold() {
        ScriptedPeer peer = peer(EXTENDED);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> peer.sendExtended("ut_test", Unpooled.EMPTY_BUFFER))
                .withMessageContaining("the wire must list the extension ut_test");
        peer.dispose();
    }

    @Test
    void itsExtendedHandshakeIsHeard() {
        ScriptedPeer peer = peer(EXTENDED);

        peer.send(ExtendedHandshake.builder().client("script").build());

        assertThat(peer.wire().extendedHandshake().block().client()).contains("script");
        peer.dispose();
    }

    @Test
    void anotherMessageIsNotAnExtendedHandshake() {
        ScriptedPeer peer = peer(PLAIN);
        peer.wire().outbound().tryEmit(new Message.Interested());

        assertThatExceptionOfType(AssertionError.class).isThrownBy(peer::expectExtendedHandshake);
        peer.dispose();
    }
}
