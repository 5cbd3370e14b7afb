/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ProtocolException;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Request;
import reactor.core.Disposable;

/** Tests of hostile answers to a fetch. The tests of the assembler have several peers. */
class MetadataAttackTest extends HostileMetadata {
    private static final int PIECE = 16_384;
    private static final byte[] INFO = Infos.ofLength(2 * PIECE, 1);

    // ---- the size ----

    @ParameterizedTest
    @CsvSource({
        // the size in the handshake, the number of pieces requested at once, the reason of the failure
        "'', 0, UNSUPPORTED",
        "i0e, 0, UNSUPPORTED",
        "i-1e, 0, UNSUPPORTED",
        "i1e, 1, NO_PEERS",
        "i16777216e, 4, NO_PEERS",
        "i16777217e, 0, TOO_LARGE",
        "i2147483648e, 0, TOO_LARGE",
        "i9223372036854775807e, 0, TOO_LARGE",
        "i9223372036854775808e, 0, UNSUPPORTED",
        "6:string, 0, UNSUPPORTED",
        "le, 0, UNSUPPORTED",
    })
    void a48_aSizeIsAskedForOrRefused(String size, int asked, Reason end) {
        connect(InfoHashes.sha1(INFO), fetching);
        claim(size);
        fetch();
        assertThat(heard()).hasSize(asked).allMatch(Request.class::isInstance);
        peer().advance(Duration.ofSeconds(125));
        assertFailed(end);
        assertThat(peer().isClosed()).isFalse();
        assertThat(fetching.ignored())
                .isEqualTo(end == Reason.TOO_LARGE ? Map.of(MetadataIgnored.TOO_LARGE, 1L) : Map.of());
    }

    @Test
    void a48_claimingASizeTakesNoMemory() {
        connect(InfoHashes.sha1(INFO), fetching);
        MetadataOptions options = MetadataOptions.builder()
                .maxSize(MetadataOptions.MAX_SIZE)
                .scheduler(peer().clock())
                .build();
        UtMetadata.fetch(peer().wire(), options).subscribe(found::add, failures::add);
        claim("i1e");
        assertThat(allocated(() -> claim("i" + MetadataOptions.MAX_SIZE + "e"))).isLessThan(256 * 1024);
        assertThat(heard()).hasSize(5);
    }

    // ---- impossible data ----

    @Test
    void a50_theLengthOfThePieceForTheSizeOfTheWholeIsToleratedAndCounted() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        fetch();
        say(Wires.encode(new Data(0, PIECE, Arrays.copyOf(INFO, PIECE))));
        sayData(INFO, 1);
        assertThat(found).hasSize(1);
        assertThat(fetching.ignored()).isEqualTo(Map.of(MetadataIgnored.WRONG_TOTAL_SIZE, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1", "2147483647", "4294967296", "4611686018427387904", "-9223372036854775808"})
    void a51_aPieceOutOfRangeIsIgnoredAndSixteenEndTheWire(String piece) {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        fetch();
        for (int i = 0; i < 15; i++) {
            String type = i % 2 == 0 ? "1" : "2";
            say("d8:msg_typei" + type + "e5:piecei" + piece + "e10:total_sizei32768ee");
        }
        assertThat(peer().isClosed()).isFalse();
        assertThat(fetching.ignored().get(MetadataIgnored.UNREQUESTED)).isEqualTo(15);
        say("d8:msg_typei1e5:piecei" + piece + "e10:total_sizei32768ee" + "x".repeat(PIECE));
        peer().expectClosed();
        assertFailed(Reason.NO_PEERS);
    }

    @Test
    void a51_aPieceThatComesTwiceIsTakenOnce() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        fetch();
        sayData(INFO, 0);
        sayData(Infos.ofLength(2 * PIECE, 2), 0);
        sayData(INFO, 1);
        assertThat(found).hasSize(1);
        assertThat(fetching.ignored()).isEqualTo(Map.of(MetadataIgnored.UNREQUESTED, 1L));
    }

    @ParameterizedTest
    @CsvSource({"16384, 0", "32768, 1"})
    void a52_anEmptyLastPieceIsRefusedAndAskedForThreeTimesInSixSeconds(int size, int last) {
        byte[] info = Infos.ofLength(size, 1);
        connect(InfoHashes.sha1(info), fetching);
        claim("i" + size + "e");
        fetch();
        int asked = 0;
        for (int second = 0; second < 60; second++) {
            for (MetadataMessage message : heard()) {
                int piece = (int) ((Request) message).piece();
                asked += piece == last ? 1 : 0;
                byte[] bytes = piece == last ? new byte[0] : Arrays.copyOf(info, PIECE);
                say(Wires.encode(new Data(piece, size, bytes)));
            }
            assertThat(asked).isEqualTo(Math.min(3, 1 + second / 3));
            peer().advance(Duration.ofSeconds(1));
        }
        assertThat(fetching.ignored()).isEqualTo(Map.of(MetadataIgnored.WRONG_PIECE, 3L));
        assertFailed(Reason.NO_PEERS);
    }

    @Test // XD sends the whole metadata in one message
    void a52_aMessageLongerThanAPieceEndsTheWire() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        fetch();
        List<Throwable> ends = new ArrayList<>();
        peer().wire().onClose().subscribe(null, ends::add);
        say(Unpooled.wrappedBuffer(
                bytes("d8:msg_typei1e5:piecei0e10:total_sizei32768ee"), Unpooled.wrappedBuffer(INFO)));
        peer().expectClosed();
        assertThat(ends).hasSize(1).first().isInstanceOf(ProtocolException.class);
    }

    // ---- unrequested messages ----

    @Test
    void a53_unrequestedDataIsIgnoredAndSixteenEndTheWireOfAFetch() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("");
        fetch();
        for (int i = 0; i < 16; i++) {
            assertThat(peer().isClosed()).isFalse();
            sayData(INFO, i % 2);
        }
        peer().expectClosed();
        assertFailed(Reason.UNSUPPORTED);
        assertThat(fetching.ignored()).isEqualTo(Map.of(MetadataIgnored.UNREQUESTED, 16L));
    }

    @Test // with a server and a fetch on the wire, and with answers after the cancellation of the fetch
    void a53_lateAnswersAreNotAFloodAndAnomaliesAreCountedOnce() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        serve();
        for (int i = 0; i < 20; i++) {
            Disposable cancelled = fetch();
            assertThat(heard()).containsExactly(new Request(0), new Request(1));
            cancelled.dispose();
            sayData(INFO, 0);
            say("d8:msg_typei2e5:piecei1ee");
        }
        assertThat(fetching.ignored()).isEmpty();
        fetch();
        say("garbage");
        say("d5:piecei0e8:msg_typei2ee");
        say("d8:msg_typei2e5:piecei1eetail");
        assertThat(fetching.ignored())
                .isEqualTo(Map.of(
                        MetadataIgnored.MALFORMED, 1L,
                        MetadataIgnored.NOT_CANONICAL, 1L,
                        MetadataIgnored.TRAILING_BYTES, 1L));
        assertThat(peer().isClosed()).isFalse();
    }

    // ---- rejects ----

    @Test
    void a56_aRejectedPieceIsAskedForAgainAfterSecondsAndThenAfterAMinute() {
        connect(InfoHashes.sha1(INFO), fetching);
        claim("i32768e");
        fetch();
        assertThat(heard()).containsExactly(new Request(0), new Request(1));
        for (int pause : new int[] {3, 60}) {
            say("d8:msg_typei2e5:piecei0ee");
            say("d8:msg_typei2e5:piecei1ee");
            peer().advance(Duration.ofSeconds(pause - 1));
            assertThat(heard()).isEmpty();
            peer().advance(Duration.ofSeconds(2));
            assertThat(heard()).containsExactly(new Request(0), new Request(1));
        }
    }
}
