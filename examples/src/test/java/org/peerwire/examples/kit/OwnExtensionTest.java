/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.examples.OwnExtension;
import org.peerwire.examples.OwnExtension.Said;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.test.FakeWire;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import reactor.test.StepVerifier;

/** Shows how to test an extension of one's own: its messages, its two sides together, and hostile peers. */
class OwnExtensionTest {
    private static final Said.Line HELLO = new Said.Line(1, "hello");
    private static final String HELLO_BYTES = "d4:linei1e4:text5:helloe";
    private static final String SEEN_BYTES = "d4:seeni1ee";

    private final OwnExtension chat = new OwnExtension();
    private final LocalPeer self = peer();

    private LocalPeer peer() {
        return LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random()).withExtension(chat);
    }

    // ---- FakeWire: the extension alone ----

    // tag::fake[]
    @Test
    void aLineIsSentWhenThePeerListsTheExtension() {
        FakeWire wire = FakeWire.of(self);

        StepVerifier.create(chat.tell(wire, HELLO))
                .then(() -> assertThat(wire.takeSent("xx_chat")).isEmpty())
                .then(() -> wire.handshake(
                        ExtendedHandshake.builder().extension("xx_chat", 1).build()))
                .then(() -> assertThat(wire.takeSent("xx_chat")).containsExactly(bytes(HELLO_BYTES)))
                .then(() -> wire.receive("xx_chat", bytes(SEEN_BYTES)))
                .verifyComplete();
        assertThat(wire.subscribers()).isZero();
    }
    // end::fake[]

    @Test
    void aLineFailsIfTheWireEndsBeforeItsConfirmation() {
        FakeWire wire = FakeWire.of(self)
                .handshake(ExtendedHandshake.builder().extension("xx_chat", 1).build());

        StepVerifier.create(chat.tell(wire, HELLO)).then(wire::end).verifyError(IllegalStateException.class);
    }

    @Test
    void aLineToAPeerWithoutExtensionsFailsAtOnce() {
        FakeWire wire = FakeWire.builder(self).features(Features.NONE).build();

        StepVerifier.create(chat.tell(wire, HELLO)).verifyError(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "de", "4:line", "d4:linei1ee", "d4:text5:helloe", "d4:line1:14:text5:helloe"})
    void aMalformedMessageIsSkipped(String malformed) {
        FakeWire wire = FakeWire.of(self);

        StepVerifier.create(chat.said(wire))
                .then(() -> wire.receive("xx_chat", bytes(malformed)))
                .then(() -> wire.receive("xx_chat", bytes(HELLO_BYTES)))
                .expectNext(HELLO)
                .then(wire::end)
                .verifyComplete();
    }

    @Test
    void confirmationsWaitForAPeerThatDoesNotRead() {
        FakeWire wire = FakeWire.of(self)
                .handshake(ExtendedHandshake.builder().extension("xx_chat", 1).build())
                .stopReading();

        chat.confirm(wire).subscribe();
        wire.receive("xx_chat", bytes(HELLO_BYTES)).receive("xx_chat", bytes(HELLO_BYTES));
        assertThat(wire.takeSent("xx_chat")).hasSize(1);
        wire.startReading();
        assertThat(wire.takeSent("xx_chat")).containsExactly(bytes(SEEN_BYTES));
        wire.end();
    }

    // ---- WirePair: both sides, with time ----

    @Test
    void aLineIsConfirmedOverASlowLine() {
        List<Said> heard = new ArrayList<>();
        WirePair pair = WirePair.builder(self, peer())
                .delay(Duration.ofMillis(50))
                .onResponder(wire -> {
                    chat.said(wire).subscribe(heard::add);
                    chat.confirm(wire).subscribe();
                })
                .open();

        StepVerifier.create(chat.tell(pair.initiator(), HELLO))
                .then(() -> pair.advance(Duration.ofMillis(200)))
                .verifyComplete();
        assertThat(heard).containsExactly(HELLO);
        pair.dispose();
    }

    @Test
    void aLostConnectionFailsTheLine() {
        WirePair pair = WirePair.open(self, peer());

        StepVerifier.create(chat.tell(pair.initiator(), HELLO)).then(pair::cut).verifyError();
        pair.dispose();
    }

    // ---- ScriptedPeer: every byte of a stranger ----

    // tag::scripted[]
    @Test
    void aLineOfAStrangerIsConfirmedWithItsOwnId() {
        ScriptedPeer stranger = ScriptedPeer.dialledBy(
                        self, options -> options, wire -> chat.confirm(wire).subscribe())
                .handshake(Features.DEFAULT);
        stranger.send(ExtendedHandshake.builder().extension("xx_chat", 77).build());
        stranger.expectExtendedHandshake();

        stranger.sendExtended("xx_chat", bytes(HELLO_BYTES));

        stranger.expect(new Message.Extended(77, bytes(SEEN_BYTES)))
                .expectNothing()
                .dispose();
    }
    // end::scripted[]

    @Test
    void aStrangerThatChatsWithoutListingTheExtensionGetsNoAnswer() {
        List<Throwable> failures = new ArrayList<>();
        ScriptedPeer stranger = ScriptedPeer.dialledBy(
                        self, options -> options, wire -> chat.confirm(wire).subscribe(null, failures::add))
                .handshake(Features.DEFAULT);
        stranger.expectExtendedHandshake();

        stranger.sendExtended("xx_chat", bytes(HELLO_BYTES));

        stranger.expectNothing().dispose();
        assertThat(failures).isEmpty();
    }

    @Test
    void aStrangerThatListsTheExtensionLaterIsConfirmedThen() {
        ScriptedPeer stranger = ScriptedPeer.dialledBy(
                        self, options -> options, wire -> chat.confirm(wire).subscribe())
                .handshake(Features.DEFAULT);
        stranger.expectExtendedHandshake();
        stranger.sendExtended("xx_chat", bytes(HELLO_BYTES));
        stranger.send(ExtendedHandshake.builder().extension("xx_chat", 7).build());

        stranger.sendExtended("xx_chat", bytes(HELLO_BYTES));

        stranger.expect(new Message.Extended(7, bytes(SEEN_BYTES)))
                .expectNothing()
                .dispose();
    }

    @Test
    void aMessageOverTheLimitClosesTheWire() {
        ScriptedPeer stranger = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);
        stranger.expectExtendedHandshake();

        stranger.sendExtended("xx_chat", Unpooled.wrappedBuffer(new byte[1025]));

        stranger.expectClosed().dispose();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }
}
