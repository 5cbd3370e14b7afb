/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.TORRENT_V2;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

class HandshakeTest {

    // case 1
    @Test
    void eachSideSeesWhatTheOtherPresents() {
        WirePair pair = WirePair.open(alice(), bob());

        assertThat(pair.initiator().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, bob().peerId()));
        assertThat(pair.responder().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));
        assertThat(pair.initiator().initiator()).isTrue();
        assertThat(pair.responder().initiator()).isFalse();
        assertThat(pair.initiator().local()).isEqualTo(alice());
        pair.dispose();
    }

    // case 3
    @Test
    void initiatorSpeaksAtOnceAndExtendedHandshakeFollowsTheAnswer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice());

        assertThat(peer.theirs()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));
        peer.expectNothing();
        peer.handshake(Features.DEFAULT);

        assertThat(peer.expect(Message.Extended.class).id()).isZero();
        peer.expectNothing().dispose();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void peerThatClosesFirstLeavesNoWire(Role role) {
        for (String sent : List.of("", "13", "13426974546f7272656e742070726f746f636f6c00000000")) {
            ScriptedPeer peer = role.peer(alice()).sendHex(sent);

            peer.close();

            assertThat(reason(peer)).isEqualTo(Reason.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void connectionThatBreaksFirstLeavesNoWire(Role role) {
        ScriptedPeer peer = role.peer(alice());

        peer.reset();

        assertThat(reason(peer)).isEqualTo(Reason.CLOSED);
        assertThat(peer.failure()).hasRootCauseMessage("Connection reset by peer");
    }

    private static LocalPeer hybrid() {
        return alice().withV2(TORRENT_V2);
    }

    private static final Features V2 = Features.DEFAULT.with(Feature.V2_UPGRADE);

    // PROTOCOL section 10
    @Test
    void hybridOffersTheUpgradeAndTakesTheVersionTwoAnswer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(hybrid());

        assertThat(peer.theirs()).isEqualTo(new Handshake(V2, TORRENT, alice().peerId()));
        peer.handshake(new Handshake(V2, TORRENT_V2, PEER_ID));

        assertThat(peer.wire().remote().infoHash()).isEqualTo(TORRENT_V2);
        assertThat(peer.wire().features().has(Feature.V2_UPGRADE)).isTrue();
        peer.dispose();
    }

    @Test
    void hybridTakesTheVersionOneAnswerToo() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(hybrid()).handshake(Features.DEFAULT);

        assertThat(peer.wire().remote().infoHash()).isEqualTo(TORRENT);
        assertThat(peer.wire().features().has(Feature.V2_UPGRADE)).isFalse();
        peer.dispose();
    }

    // PROTOCOL section 1: the responder answers with the same hash
    @Test
    void hybridAnswersWithTheVersionOneHashThatWasAskedFor() {
        assertThat(answerTo(TORRENT)).isEqualTo(TORRENT.toHex());
    }

    @Test
    void hybridAnswersWithTheVersionTwoHashThatWasAskedFor() {
        assertThat(answerTo(TORRENT_V2)).isEqualTo(TORRENT_V2.toHex());
    }

    private static String answerTo(InfoHash asked) {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.just(hybrid()));

        peer.send(new Handshake(V2, asked, PEER_ID), "");

        assertThat(peer.wire).isNotNull();
        return peer.received().substring(56, 96);
    }

    private static @Nullable Reason reason(ScriptedPeer peer) {
        assertThat(peer.failure()).isInstanceOf(HandshakeException.class);
        return peer.failure() instanceof HandshakeException e ? e.reason() : null;
    }
}
