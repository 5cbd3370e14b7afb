/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Peers.LTEP;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.failureOf;
import static org.peerwire.test.Peers.handshake;
import static org.peerwire.test.Peers.hex;
import static org.peerwire.test.Peers.text;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;

/** Tests our extended handshakes, and the merge of those of the peer. */
class ExtendedHandshakeTest {

    private static final Extension PEX = new Extension() {
        @Override
        public String name() {
            return "ut_pex";
        }

        @Override
        public boolean allowedInPrivateTorrents() {
            return false;
        }
    };

    private static final Extension METADATA = new Extension() {
        @Override
        public String name() {
            return "ut_metadata";
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            mine.metadataSize(31_235).put("x", BencodeValue.of("y"));
        }
    };

    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice().withExtension(METADATA).withExtension(PEX))
                .handshake(LTEP);
        peer.received();
        return peer;
    }

    private static ExtendedHandshake merged(ScriptedPeer peer) {
        ExtendedHandshake now = peer.wire().extendedHandshake().block(Duration.ofSeconds(1));
        assertThat(now).isNotNull();
        return now;
    }

    private static String dictionary(ScriptedPeer peer) {
        Message.Extended sent = peer.expect(Message.Extended.class);
        assertThat(sent.id()).isZero();
        return text(sent.payload());
    }

    // cases 62, 64
    @Test
    void firstMessageTellsWhatWeSpeak() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice().withExtension(METADATA).withExtension(PEX).withListenPort(6881),
                        options -> options.clientName("Test 1.0").limits(limits -> limits.maxQueuedUploads(7)),
                        wire -> {})
                .handshake(Features.DEFAULT);

        assertThat(dictionary(peer))
                .isEqualTo(
                        "d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi2ee13:metadata_sizei31235e1:pi6881e4:reqqi7e"
                                + "1:v8:Test 1.01:x1:y6:yourip4:\u00c6\u0033d\u0007e");
        peer.expectNothing().dispose();
    }

    // case 64
    @Test
    void withoutPortAndNameTheKeysAreLeftOut() {
        ScriptedPeer peer = ScriptedPeer.dialling(alice(), options -> options.clientName(""), wire -> {})
                .handshake(LTEP);

        assertThat(dictionary(peer)).isEqualTo("d1:md11:lt_donthavei1ee4:reqqi500e6:yourip4:\u00c6\u0033d\u0007e");
        peer.dispose();
    }

    // case 67
    @Test
    void versionSixAddressIsToldInSixteenBytes() {
        WirePair pair = WirePair.builder(alice(), bob())
                .addresses(new InetSocketAddress("2001:db8::2", 50_001), new InetSocketAddress("2001:db8::1", 6881))
                .open();

        assertThat(pair.initiator().extendedHandshake().block(Duration.ZERO).yourIp())
                .contains(new InetSocketAddress("2001:db8::2", 0).getAddress());
        assertThat(pair.responder().extendedHandshake().block(Duration.ZERO).yourIp())
                .contains(new InetSocketAddress("2001:db8::1", 0).getAddress());
        pair.dispose();
    }

    // case 61
    @Test
    void extensionWithoutANameIsRefused() {
        assertThatThrownBy(() -> alice().withExtension(Extension.named("")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // case 61
    @Test
    void twoExtensionsOfOneNameAreRefused() {
        assertThatThrownBy(() -> alice().withExtension(PEX).withExtension(Extension.named("ut_pex")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ut_pex");
        assertThat(alice().withExtension(PEX)
                        .withExtension(Extension.named("UT_PEX"))
                        .extensions())
                .hasSize(2);
    }

    // case 62
    @Test
    void peersHandshakeIsWaitedFor() {
        ScriptedPeer peer = peer();
        List<ExtendedHandshake> first = collect(peer.wire().extendedHandshake());
        assertThat(first).isEmpty();

        peer.send(handshake("d1:md6:ut_pexi1ee1:v8:Test 1.0e"));

        assertThat(first).singleElement().satisfies(theirs -> {
            assertThat(theirs.client()).contains("Test 1.0");
            assertThat(theirs.extensions()).isEqualTo(Map.of("ut_pex", 1));
        });
        assertThat(collect(peer.wire().extendedHandshake())).isEqualTo(first);
        peer.dispose();
    }

    @Test
    void waitingForAHandshakeThatNeverComesEndsWithTheWire() {
        ScriptedPeer peer = peer();

        peer.dispose();

        assertThat(peer.wire().extendedHandshake().blockOptional(Duration.ofSeconds(1)))
                .isEmpty();
    }

    @Test
    void handshakesAddUp() {
        ScriptedPeer peer = peer();
        List<ExtendedHandshake> seen = collect(peer.wire().extendedHandshakes());

        peer.send(handshake("d1:md6:ut_pexi1ee1:pi6881e4:reqqi10ee"));
        peer.send(handshake("d1:md11:ut_metadatai2ee13:metadata_sizei5e4:reqqi20ee"));
        peer.send(handshake("de"));

        assertThat(seen).hasSize(2);
        ExtendedHandshake now = merged(peer);
        assertThat(now).isEqualTo(seen.get(1));
        assertThat(now.extensions()).isEqualTo(Map.of("ut_pex", 1, "ut_metadata", 2));
        assertThat(now.listenPort()).hasValue(6881);
        assertThat(now.requestQueue()).hasValue(20);
        assertThat(now.metadataSize()).hasValue(5);
        peer.dispose();
    }

    @Test
    void a34_idZeroTakesAnExtensionAway() {
        ScriptedPeer peer = peer().send(handshake("d1:md11:ut_metadatai2e6:ut_pexi1eee"));
        Wire wire = peer.wire();
        assertThat(wire.extension("ut_pex").supported()).isTrue();

        peer.send(handshake("d1:md6:ut_pexi0eee"));

        assertThat(wire.extension("ut_pex").supported()).isFalse();
        assertThat(merged(peer).extensions()).isEqualTo(Map.of("ut_metadata", 2));
        assertThat(failureOf(wire.extension("ut_pex").send(hex("00")))).isInstanceOf(IllegalStateException.class);
        peer.expectNothing();
        peer.send(handshake("d1:md6:ut_pexi9eee"));
        assertThat(wire.extension("ut_pex").supported()).isTrue();
        peer.dispose();
    }

    @Test
    void namesAreCaseSensitive() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:UT_PEXi4eee"));

        assertThat(peer.wire().extension("ut_pex").supported()).isFalse();
        peer.dispose();
    }

    // PROTOCOL sections 6 and 13
    @ParameterizedTest
    @ValueSource(
            strings = {
                "d1:v1:X1:md6:ut_pexi7eee",
                "d1:md6:ut_pexi7e6:ut_pexi6eee",
                "d1:md6:ut_pexi07eee",
                "d1:md6:ut_pexi7eee\0\0garbage"
            })
    void dictionaryThatIsNotQuiteCanonicalIsTaken(String dictionary) {
        ScriptedPeer peer = peer().send(handshake(dictionary));

        assertThat(merged(peer).extensions()).isEqualTo(Map.of("ut_pex", 7));
        peer.dispose();
    }

    // case 129; libtorrent stops using an extension that a later handshake lacks
    @Test
    void readvertisingRepeatsTheExtensionsThatAreStillListed() {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi7eee"));
        Wire wire = peer.wire();

        wire.readvertise(b -> b.disable("ut_pex")).block(Duration.ofSeconds(1));
        assertThat(dictionary(peer)).isEqualTo("d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi0eee");
        wire.readvertise(b -> b.enable("ut_pex")).block(Duration.ofSeconds(1));
        assertThat(dictionary(peer)).isEqualTo("d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi2eee");
        wire.readvertise(b -> b.metadataSize(5).uploadOnly(true)).block(Duration.ofSeconds(1));
        assertThat(dictionary(peer))
                .isEqualTo("d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi2ee13:metadata_sizei5e11:upload_onlyi1ee");

        peer.expectNothing().dispose();
    }

    @Test
    void readvertisingWhatWeDoNotSpeakFails() {
        ScriptedPeer peer = peer();

        assertThat(failureOf(peer.wire().readvertise(b -> b.enable("ut_comment"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ut_comment");
        assertThatThrownBy(() -> peer.wire().extension("ut_comment")).isInstanceOf(IllegalArgumentException.class);
        peer.expectNothing().dispose();
    }

    @Test
    void readvertisingIsLazy() {
        ScriptedPeer peer = peer();

        peer.wire().readvertise(b -> b.disable("ut_pex"));

        peer.expectNothing().dispose();
    }

    // BEP 27
    @Test
    void privateTorrentListsOnlyWhatItAllows() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(PEX)
                        .withExtension(METADATA)
                        .withShape(new TorrentShape(16_384, 16_384, true)))
                .handshake(LTEP);

        assertThat(dictionary(peer)).startsWith("d1:md11:lt_donthavei3e11:ut_metadatai2ee");
        peer.dispose();
    }

    // BEP 27
    @Test
    void torrentThatTurnsOutPrivateWithdrawsWhatItForbids() {
        ScriptedPeer peer = peer();

        peer.wire().shape(new TorrentShape(16_384, 16_384, true)).block(Duration.ofSeconds(1));

        assertThat(dictionary(peer)).isEqualTo("d1:md11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi0eee");
        peer.expectNothing().dispose();
    }
}
