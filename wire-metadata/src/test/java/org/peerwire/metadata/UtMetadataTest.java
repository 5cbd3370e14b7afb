/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Reject;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class UtMetadataTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] INFO = Infos.ofLength(40_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final MetadataOptions options =
            MetadataOptions.builder().scheduler(clock).build();

    @Test
    void isAnExtensionForPublicTorrents() {
        UtMetadata extension = UtMetadata.fetching();
        assertThat(extension.name()).isEqualTo("ut_metadata").hasToString(extension.toString());
        assertThat(extension.maxMessageLength()).isEqualTo(16_384 + 1_024);
        assertThat(extension.allowedInPrivateTorrents()).isFalse();
    }

    @Test
    void tellsTheSizeWhenThereIsOne() {
        UtMetadata extension = UtMetadata.fetching();
        assertThat(advertisedSize(extension)).isEmpty();
        extension.provide(INFO);
        assertThat(advertisedSize(extension)).hasValue(INFO.length);
        assertThat(advertisedSize(UtMetadata.serving(INFO))).hasValue(INFO.length);
        assertThat(advertisedSize(UtMetadata.serving(privateInfo()))).isEmpty();
    }

    @Test
    void servesEveryPiece() {
        FakeWire wire = served(UtMetadata.serving(INFO));
        IntStream.range(0, 3).forEach(piece -> Wires.say(wire, MetadataMessage.request(piece)));
        List<MetadataMessage> sent = Wires.takeSent(wire);
        assertThat(sent).hasSize(3).allMatch(Data.class::isInstance);
        PieceBuffer whole = new PieceBuffer(INFO.length);
        sent.forEach(message -> {
            Data data = (Data) message;
            assertThat(data.totalSize()).isEqualTo(INFO.length);
            whole.put((int) data.piece(), data.bytes());
        });
        assertThat(whole.join()).isEqualTo(INFO);
        assertThat(wire.readvertised()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, -1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void a55_rejectsPiecesOutOfRangeAndServesTheNextRequest(long piece) {
        FakeWire wire = served(UtMetadata.serving(INFO));
        Wires.say(wire, "d8:msg_typei0e5:piecei" + piece + "ee");
        Wires.say(wire, MetadataMessage.request(2));
        List<MetadataMessage> sent = Wires.takeSent(wire);
        assertThat(sent.get(0)).isEqualTo(new Reject(piece));
        assertThat(sent.get(1)).isInstanceOf(Data.class);
    }

    @Test
    void a55_rejectsUntilTheMetadataHasComeAndThenTellsTheSizeAndServes() {
        UtMetadata extension = UtMetadata.fetching();
        assertThat(advertisedSize(extension)).isEmpty();
        assertThat(advertisedSize(extension)).isEmpty(); // for a second wire, served later
        FakeWire wire = served(extension);
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).containsExactly(new Reject(0));
        assertThat(wire.readvertised()).isEmpty();

        extension.provide(INFO);
        extension.provide(Infos.ofLength(300, 2));
        assertThat(wire.readvertised()).hasSize(1);
        assertThat(wire.readvertised().get(0).metadataSize()).hasValue(INFO.length);
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).hasSize(1).allMatch(Data.class::isInstance);

        assertThat(served(extension).readvertised()).hasSize(1);
    }

    @Test
    void a55_rejectsInAPrivateTorrent() {
        UtMetadata extension = UtMetadata.fetching();
        FakeWire wire = served(extension);
        extension.provide(privateInfo());
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).containsExactly(new Reject(0));
        assertThat(wire.readvertised()).isEmpty();
    }

    @Test
    void answersNothingButRequests() {
        FakeWire wire = served(UtMetadata.serving(INFO));
        Wires.say(wire, MetadataMessage.reject(0));
        Wires.say(wire, MetadataMessage.data(0, INFO));
        Wires.say(wire, "x");
        assertThat(Wires.takeSent(wire)).isEmpty();
    }

    @Test
    void servingEndsWithTheWire() {
        UtMetadata extension = UtMetadata.fetching();
        FakeWire wire = Wires.listed(HASH, extension);
        Mono<Void> serving = extension.serve(wire);
        assertThat(wire.subscribers()).isZero();
        StepVerifier.create(serving).then(wire::end).expectComplete().verify(LIMIT);
        assertThat(wire.subscribers()).isZero();
    }

    @Test
    void cancellingStopsServing() {
        UtMetadata extension = UtMetadata.fetching();
        FakeWire wire = Wires.listed(HASH, extension);
        StepVerifier.create(extension.serve(wire)).thenCancel().verify(LIMIT);
        extension.provide(INFO);
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).isEmpty();
        assertThat(wire.readvertised()).isEmpty();
    }

    @Test
    void refusesToServeBytesThatAreNotADictionary() {
        byte[] text = "abc".getBytes(US_ASCII);
        assertThatThrownBy(() -> UtMetadata.serving(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UtMetadata.serving("le".getBytes(US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("info must be a bencoded dictionary, was LIST");
        assertThatThrownBy(() -> UtMetadata.fetching().provide(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void metadataMustHaveTheHash() {
        assertThat(Metadata.of(INFO, InfoHashes.of(HASH)).torrent().info()).isEqualTo(INFO);
        assertThat(Metadata.of(INFO, InfoHashes.ofHandshake(HASH)).hashes()).isEqualTo(InfoHashes.of(HASH));
        InfoHashes other = InfoHashes.of(InfoHash.of(new byte[20]));
        assertThatThrownBy(() -> Metadata.of(INFO, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("info must be the info dictionary of " + other + ", was one of " + HASH + " (v1)");
    }

    /** Returns a wire to a peer that lists the extension, which we serve. */
    private FakeWire served(UtMetadata extension) {
        FakeWire wire = Wires.listed(HASH, extension);
        extension.serve(wire, options).subscribe();
        return wire;
    }

    private static OptionalLong advertisedSize(UtMetadata extension) {
        ExtendedHandshake.Builder builder = ExtendedHandshake.builder();
        extension.advertise(builder);
        return builder.build().metadataSize();
    }

    private static byte[] privateInfo() {
        Map<String, BencodeValue> info = Infos.single();
        info.put("private", BencodeValue.of(1));
        return Infos.encode(info);
    }
}
