/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Flux;

/** Tests of hostile metadata over real wires. */
class MetadataContentAttackTest {
    private static final String HEADER = "d8:msg_typei1e5:piecei0e10:total_sizei";

    /** Returns the result of a fetch from a peer that sends this payload as the only piece. */
    private static Object fetch(InfoHashes hashes, int size, ByteBuf payload) {
        LocalPeer self = LocalPeer.of(hashes.wire(), PeerId.random()).withExtension(UtMetadata.fetching());
        ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.of(Feature.EXTENSION_PROTOCOL));
        String handshake = "d1:md11:ut_metadatai9ee13:metadata_sizei" + size + "ee";
        peer.send(new Message.Extended(0, Unpooled.copiedBuffer(handshake, ISO_8859_1)));
        MetadataOptions options =
                MetadataOptions.builder().scheduler(peer.clock()).build();
        List<Object> ends = new ArrayList<>();
        UtMetadata.fetch(Flux.just(peer.wire()), hashes, options).subscribe(ends::add, ends::add);
        peer.sendExtended(UtMetadata.NAME, payload);
        peer.dispose();
        assertThat(ends).hasSize(1);
        return ends.get(0);
    }

    private static Object fetch(InfoHashes hashes, byte[] info) {
        return fetch(hashes, info.length, MetadataMessage.data(0, info));
    }

    private static InfoHashes sha1(byte[] info) {
        return InfoHashes.of(InfoHashes.sha1(info));
    }

    // ---- the end of the dictionary ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5:usersd1:a2:eeee",
                "1:zlee",
                "1:z4:eeeee",
                "1:zd1:ali1ei2eeee",
                "e",
            })
    void a57_thePayloadBeginsWhereTheFirstValueEnds(String rest) {
        byte[] info = "d1:ae".getBytes(ISO_8859_1);
        ByteBuf payload = Unpooled.copiedBuffer(HEADER + "5e" + rest, ISO_8859_1);
        Object end = fetch(sha1(info), 5, Unpooled.wrappedBuffer(payload, Unpooled.wrappedBuffer(info)));
        assertThat(((Metadata) end).info()).isEqualTo(info);
    }

    // ---- the right hash, and hostile content ----

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "d1:ae", "i1e", "le"})
    void a58_anyBytesWithTheRightHashAreReturnedUnreadAndRefusedAsATorrent(String text) {
        byte[] info = (text + "l".repeat(10_000)).getBytes(ISO_8859_1);
        Metadata metadata = (Metadata) fetch(sha1(info), info);
        assertThat(metadata.info()).isEqualTo(info);
        assertThatThrownBy(metadata::torrent).isInstanceOf(TorrentException.class);
    }

    @ParameterizedTest
    @CsvSource({"d1:a, 100000, e", "l, 5000000, e", "le, 2500001, ''", "i1e, 2500001, ''"})
    void a58_deepAndCrowdedMetadataFailsWithATorrentException(String repeated, int times, String end) {
        byte[] info = ("d1:xl" + repeated.repeat(times) + end + "ee").getBytes(ISO_8859_1);
        Metadata metadata = Metadata.of(info, sha1(info));
        assertThatThrownBy(metadata::torrent).isInstanceOf(TorrentException.class);
    }

    @Test
    void a58_aNameThatLeavesTheFolderStaysInside() {
        byte[] info = Infos.encode(Infos.multi(Infos.file(20_000, "..", "..", "etc", "passwd")));
        Metadata metadata = (Metadata) fetch(sha1(info), info);
        assertThat(metadata.torrent().files().get(0)).hasToString("folder/etc/passwd");
    }

    // ---- the hashes ----

    @Test
    void a59_everyHashThatIsKnownHasToMatch() {
        byte[] info = Infos.ofLength(300, 1);
        InfoHash v1 = InfoHashes.sha1(info);
        InfoHashV2 v2 = InfoHashes.sha256(info);
        byte[] sameFront = v2.bytes();
        sameFront[31] ^= 1;
        InfoHashV2 twin = InfoHashV2.of(sameFront);

        assertFound(InfoHashes.of(v1), info);
        assertFound(InfoHashes.of(v2), info);
        assertFound(InfoHashes.hybrid(v1, v2), info);
        assertFound(InfoHashes.ofHandshake(v1), info);
        assertFound(InfoHashes.ofHandshake(v2.truncated()), info);
        assertRefused(InfoHashes.of(v2.truncated()), info);
        assertRefused(InfoHashes.of(twin), info);
        assertRefused(InfoHashes.hybrid(v1, twin), info);
        assertRefused(InfoHashes.hybrid(InfoHash.of(new byte[20]), v2), info);
    }

    private static void assertFound(InfoHashes hashes, byte[] info) {
        assertThat(fetch(hashes, info)).isInstanceOf(Metadata.class);
    }

    private static void assertRefused(InfoHashes hashes, byte[] info) {
        assertThat(fetch(hashes, info)).isInstanceOfSatisfying(MetadataException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.INVALID));
    }
}
