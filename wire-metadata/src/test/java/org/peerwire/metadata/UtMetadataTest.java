/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.time.Duration;
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
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class UtMetadataTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] INFO = Infos.ofLength(40_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final FakeWire fake = new FakeWire(HASH, true);
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final MetadataOptions options = MetadataOptions.defaults().withScheduler(clock);

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
        UtMetadata.serving(INFO).serve(fake.wire, options).subscribe();
        IntStream.range(0, 3).forEach(piece -> fake.say(MetadataMessage.request(piece)));
        assertThat(fake.sent).hasSize(3).allMatch(Data.class::isInstance);
        PieceBuffer whole = new PieceBuffer(INFO.length);
        fake.sent.forEach(message -> {
            Data data = (Data) message;
            assertThat(data.totalSize()).isEqualTo(INFO.length);
            whole.put((int) data.piece(), data.bytes());
        });
        assertThat(whole.join()).isEqualTo(INFO);
        assertThat(fake.readvertised).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, -1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void a55_rejectsPiecesThereAreNotAndServesTheNextRequest(long piece) {
        UtMetadata.serving(INFO).serve(fake.wire, options).subscribe();
        fake.say(Unpooled.wrappedBuffer(("d8:msg_typei0e5:piecei" + piece + "ee").getBytes(US_ASCII)));
        fake.say(MetadataMessage.request(2));
        assertThat(fake.sent.get(0)).isEqualTo(new Reject(piece));
        assertThat(fake.sent.get(1)).isInstanceOf(Data.class);
    }

    @Test
    void a55_rejectsUntilTheMetadataHasComeAndThenTellsTheSizeAndServes() {
        UtMetadata extension = UtMetadata.fetching();
        assertThat(advertisedSize(extension)).isEmpty();
        assertThat(advertisedSize(extension)).isEmpty(); // of a wire that is served later
        extension.serve(fake.wire, options).subscribe();
        fake.say(MetadataMessage.request(0));
        assertThat(fake.sent).containsExactly(new Reject(0));
        assertThat(fake.readvertised).isEmpty();

        extension.provide(INFO);
        extension.provide(Infos.ofLength(300, 2));
        assertThat(fake.readvertised).hasSize(1);
        assertThat(fake.readvertised.get(0).metadataSize()).hasValue(INFO.length);
        fake.say(MetadataMessage.request(0));
        assertThat(fake.sent.get(1)).isInstanceOf(Data.class);

        FakeWire later = new FakeWire(HASH, true);
        extension.serve(later.wire, options).subscribe();
        assertThat(later.readvertised).hasSize(1);
    }

    @Test
    void a55_rejectsInAPrivateTorrent() {
        UtMetadata extension = UtMetadata.fetching();
        extension.serve(fake.wire, options).subscribe();
        extension.provide(privateInfo());
        fake.say(MetadataMessage.request(0));
        assertThat(fake.sent).containsExactly(new Reject(0));
        assertThat(fake.readvertised).isEmpty();
    }

    @Test
    void answersNothingButRequests() {
        UtMetadata.serving(INFO).serve(fake.wire, options).subscribe();
        fake.say(MetadataMessage.reject(0));
        fake.say(MetadataMessage.data(0, INFO));
        fake.say(Unpooled.wrappedBuffer(new byte[] {'x'}));
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void servingEndsWithTheWire() {
        Mono<Void> serving = UtMetadata.fetching().serve(fake.wire);
        assertThat(fake.isHeard()).isFalse();
        StepVerifier.create(serving).then(fake::close).expectComplete().verify(LIMIT);
        assertThat(fake.isHeard()).isFalse();
    }

    @Test
    void cancellingStopsServing() {
        UtMetadata extension = UtMetadata.fetching();
        StepVerifier.create(extension.serve(fake.wire)).thenCancel().verify(LIMIT);
        extension.provide(INFO);
        fake.say(MetadataMessage.request(0));
        assertThat(fake.sent).isEmpty();
        assertThat(fake.readvertised).isEmpty();
    }

    @Test
    void whatIsNoInfoDictionaryIsNotServed() {
        byte[] text = "abc".getBytes(US_ASCII);
        assertThatThrownBy(() -> UtMetadata.serving(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UtMetadata.serving("le".getBytes(US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UtMetadata.fetching().provide(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void metadataIsWhatTheHashSays() {
        assertThat(Metadata.of(INFO, InfoHashes.of(HASH)).torrent().info()).isEqualTo(INFO);
        assertThat(Metadata.of(INFO, InfoHashes.ofHandshake(HASH)).hashes()).isEqualTo(InfoHashes.of(HASH));
        InfoHashes other = InfoHashes.of(InfoHash.of(new byte[20]));
        assertThatThrownBy(() -> Metadata.of(INFO, other)).isInstanceOf(IllegalArgumentException.class);
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
