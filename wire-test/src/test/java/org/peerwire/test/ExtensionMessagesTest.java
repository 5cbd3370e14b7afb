/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;

/** Tests messages of extensions with the right number, and with other numbers. */
class ExtensionMessagesTest {

    private static final Extension PEX = new Extension() {
        @Override
        public String name() {
            return "ut_pex";
        }

        @Override
        public int maxMessageLength() {
            return 10;
        }

        @Override
        public boolean allowedInPrivateTorrents() {
            return false;
        }
    };

    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(PEX)).handshake(LTEP);
        peer.received();
        return peer;
    }

    // case 63
    @Test
    void extensionOfOnesOwnIsSpokenEndToEnd() {
        List<String> atResponder = new ArrayList<>();
        List<String> atInitiator = new ArrayList<>();
        WirePair pair = WirePair.builder(
                        alice().withExtension(Extension.named("xx_other")).withExtension(Extension.named("xx_chat")),
                        bob().withExtension(Extension.named("xx_chat")))
                .onInitiator(
                        wire -> wire.extension("xx_chat").inbound().subscribe(bytes -> atInitiator.add(text(bytes))))
                .onResponder(
                        wire -> wire.extension("xx_chat").inbound().subscribe(bytes -> atResponder.add(text(bytes))))
                .open();

        pair.initiator().extension("xx_chat").send(text("ping")).subscribe();
        pair.responder().extension("xx_chat").send(text("pong")).subscribe();

        assertThat(atResponder).containsExactly("ping");
        assertThat(atInitiator).containsExactly("pong");
        pair.dispose();
    }

    // case 63
    @Test
    void sendingWhatThePeerDoesNotListIsAnError() {
        WirePair pair = WirePair.open(alice().withExtension(PEX), bob());
        ByteBuf payload = hex("00");

        assertThat(failureOf(pair.initiator().extension("ut_pex").send(payload)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ut_pex");

        assertThat(payload.refCnt()).isZero();
        assertThat(pair.initiator().isDisposed()).isFalse();
        pair.dispose();
    }

    @Test
    void sendingBeforeThePeersHandshakeIsAnError() {
        ScriptedPeer peer = peer();

        assertThat(failureOf(peer.wire().extension("ut_pex").send(hex("00"))))
                .isInstanceOf(IllegalStateException.class);
        peer.expectNothing().dispose();
    }

    // BEP 10: sent with the peer's number, received with ours
    @Test
    void numberIsTheOneThePeerGaveLast() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi200eee"));
        peer.wire().extension("ut_pex").send(hex("aa")).subscribe();
        peer.send(handshake("d1:md6:ut_pexi9eee"));
        peer.wire().extension("ut_pex").send(hex("bb")).subscribe();

        peer.expect(new Message.Extended(200, hex("aa"))).expect(new Message.Extended(9, hex("bb")));
        peer.dispose();
    }

    @Test
    void messageComesUnderOurNumberWhateverThePeersIs() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi200eee"));
        List<ByteBuf> seen = collect(peer.wire().extension("ut_pex").inbound());

        peer.send(extended(1, "ours"), extended(200, "theirs"), extended(1, ""));

        assertThat(seen).containsExactly(text("ours"), text(""));
        peer.dispose();
    }

    // case 66
    @Test
    void extendedMessageWithoutANumberEndsTheWire() {
        ScriptedPeer peer = peer().sendHex("0000000114");

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
    }

    // the limit is the extension's own
    @Test
    void a01_messageOverTheExtensionsLimitEndsTheWire() {
        ScriptedPeer atLimit = peer().sendHex("0000000c1401" + "00".repeat(10));
        assertThat(atLimit.wire().isDisposed()).isFalse();
        atLimit.dispose();

        ScriptedPeer over = peer().sendHex("0000000d1401");

        assertThat(endOf(over.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
    }

    private static Wire privateWire(ScriptedPeer peer) {
        peer.send(handshake("d1:md6:ut_pexi1eee"));
        peer.received();
        return peer.wire();
    }

    private static ScriptedPeer privatePeer() {
        return ScriptedPeer.dialledBy(alice().withExtension(PEX).withShape(new TorrentShape(16_384, 16_384, true)))
                .handshake(LTEP);
    }

    // BEP 27
    @Test
    void messageOfAnExtensionThePrivateTorrentForbidsIsIgnoredAndCounted() {
        ScriptedPeer peer = privatePeer();
        Wire wire = privateWire(peer);
        List<ByteBuf> seen = collect(wire.extension("ut_pex").inbound());

        peer.send(extended(1, "peers"));

        assertThat(wire.stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(1);
        assertThat(seen).isEmpty();
        peer.dispose();
    }

    // BEP 27
    @Test
    void extensionThePrivateTorrentForbidsIsNotSent() {
        ScriptedPeer peer = privatePeer();
        Wire wire = privateWire(peer);

        assertThat(failureOf(wire.extension("ut_pex").send(hex("00")))).isInstanceOf(IllegalStateException.class);
        peer.expectNothing().dispose();
    }

    @Test
    void inboundOfAnExtensionEndsWithTheWire() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(PEX)).handshake(Features.DEFAULT);
        List<String> end = new ArrayList<>();
        peer.wire().extension("ut_pex").inbound().subscribe(bytes -> {}, e -> end.add("error"), () -> end.add("end"));

        peer.close();

        assertThat(end).containsExactly("end");
    }
}
