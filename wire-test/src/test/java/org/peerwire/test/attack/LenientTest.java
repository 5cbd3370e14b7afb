/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.extended;
import static org.peerwire.test.Peers.handshake;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.Ignored;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.Serving;

/**
 * Tests harmless deviations of real clients from the specifications. Other tests have more of them: a25 an empty block
 * for a reject, a28 and a23 rejects and cancels of unknown requests, a35 unknown numbers of extensions.
 */
class LenientTest {

    private static ExtendedHandshake heard(ScriptedPeer peer) {
        ExtendedHandshake now = peer.wire().extendedHandshake().block(Duration.ZERO);
        assertThat(now).isNotNull();
        assertThat(peer.isClosed()).isFalse();
        return now;
    }

    @Test
    void lenient_repeatedHave() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(new Message.Have(3), new Message.Have(3));

        assertThat(inbound.values()).containsExactly(new Message.Have(3));
        assertThat(peer.wire().stats().ignored()).isEqualTo(Map.of(Ignored.REPEATED_HAVE, 1L));
        peer.dispose();
    }

    @Test
    void lenient_requestWithoutInterested() {
        ScriptedPeer peer = Serving.atOnce(peer(PLAIN));

        peer.send(request(block(0, 0))).expect(answer(block(0, 0)));

        assertThat(peer.wire().state().peerInterested()).isFalse();
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    @Test
    void lenient_bitfieldLeftOut() {
        for (Features features : List.of(PLAIN, FAST)) {
            ScriptedPeer peer = peer(features).send(new Message.Unchoke(), new Message.Have(1));

            assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 1));
            assertThat(peer.wire().stats().ignored()).isEmpty();
            peer.dispose();
        }
    }

    // from libtorrent without metadata
    @Test
    void lenient_metadataSizeOfZero() {
        ScriptedPeer peer = peer(EXTENDED).send(handshake("d1:md11:ut_metadatai2ee13:metadata_sizei0ee"));

        assertThat(heard(peer).metadataSize()).isEmpty();
        assertThat(heard(peer).supports("ut_metadata")).isTrue();
        assertThat(peer.wire().stats().ignored()).isEqualTo(Map.of(Ignored.HANDSHAKE_VALUE, 1L));
        peer.dispose();
    }

    @Test
    void lenient_extendedHandshakeRepeated() {
        ScriptedPeer peer = peer(EXTENDED);
        List<ExtendedHandshake> seen = collect(peer.wire().extendedHandshakes());

        peer.send(handshake("d4:reqqi9ee"), handshake("d4:reqqi9ee"), handshake("d4:reqqi8ee"));

        assertThat(seen).hasSize(2);
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    @Test
    void lenient_uploadOnlyAsAKey() {
        ScriptedPeer peer = peer(EXTENDED).send(handshake("d11:upload_onlyi1ee"));

        assertThat(heard(peer).uploadOnly()).isTrue();
        peer.send(handshake("d11:upload_onlyi0ee"));
        assertThat(heard(peer).uploadOnly()).isFalse();
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    // libtorrent sends it to peers that list it, other clients send it to all
    @Test
    void lenient_uploadOnlyAsAMessage() {
        ScriptedPeer listed = peer(SELF.withExtension(Extension.named("upload_only")), EXTENDED);
        int id = listed.expect(Message.Extended.class).id();
        assertThat(id).isZero();
        List<?> said = collect(listed.wire().extension("upload_only").inbound());
        listed.send(extended(1, "\u0001"));
        assertThat(said).hasSize(1);
        listed.dispose();

        ScriptedPeer unlisted = peer(EXTENDED).send(extended(3, "\u0001"));
        assertThat(unlisted.wire().stats().ignored()).isEqualTo(Map.of(Ignored.UNKNOWN_EXTENSION, 1L));
        assertThat(unlisted.isClosed()).isFalse();
        unlisted.dispose();
    }

    @Test
    void lenient_unknownKeysAnywhere() {
        ScriptedPeer peer = peer(EXTENDED)
                .send(handshake(
                        "d0:0:1:md0:i7e6:ut_pexi1e4:zzzzi9ee4:zzzzd1:alee5:\u00ff\u00fe\u00fd\u00fc\u00fbi0ee"));

        assertThat(heard(peer).extensions()).containsEntry("ut_pex", 1).containsEntry("zzzz", 9);
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    @Test
    void lenient_unknownReservedBits() {
        InfoHash torrent = SELF.infoHash();
        ScriptedPeer peer = ScriptedPeer.dialledBy(SELF)
                .handshake(new Handshake(new Features(-1), torrent, PeerId.parse("-SP0001-abcdefghijkl")));

        assertThat(peer.wire().features()).isEqualTo(SELF.features());
        assertThat(peer.wire().remote().features().has(Feature.DHT)).isTrue();
        peer.send(new Message.Unchoke());
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // Xunlei (-SD0100-, -XL0012-) and other clients send invalid numbers
    @ParameterizedTest
    @ValueSource(strings = {"-SD0100-abcdefghijkl", "-XL0012-abcdefghijkl", "-UT3550-abcdefghijkl"})
    void lenient_clientsWithBrokenNumbers(String peerId) {
        ScriptedPeer peer =
                ScriptedPeer.dialledBy(SELF).handshake(new Handshake(EXTENDED, SELF.infoHash(), PeerId.parse(peerId)));

        peer.send(handshake("d1:md11:ut_metadatai-1e6:ut_pexi1ee4:reqqi50ee"), extended(200, "?"));

        assertThat(heard(peer).extensions()).isEqualTo(Map.of("ut_pex", 1));
        assertThat(heard(peer).requestQueue()).hasValue(50);
        assertThat(peer.wire().stats().ignored())
                .isEqualTo(Map.of(Ignored.HANDSHAKE_VALUE, 1L, Ignored.UNKNOWN_EXTENSION, 1L));
        peer.dispose();
    }
}
