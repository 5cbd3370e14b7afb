/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.Message;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Reject;

/** Tests of hostile messages to a server, over real wires. */
class MetadataServeAttackTest extends HostileMetadata {
    private static final int PIECE = 16_384;
    private static final byte[] INFO = Infos.ofLength(2 * PIECE, 1);

    @Test
    void a53_unrequestedAndMalformedMessagesToASeedAreIgnoredAndSixteenEndItsWire() {
        connect(InfoHashes.sha1(INFO), UtMetadata.serving(INFO));
        claim("");
        serve();
        for (int i = 0; i < 5; i++) {
            sayData(INFO, 0);
            say("d8:msg_typei2e5:piecei0ee");
            say("x");
        }
        say("d8:msg_typei9ee");
        say("d8:msg_typei0e5:piecei1ee");
        assertThat(heard()).hasSize(1).first().isInstanceOf(Data.class);
        assertThat(failures).isEmpty();
        say("");
        peer().expectClosed();
        assertFailed(Reason.FLOODED);
        assertThat(failures.get(0))
                .hasMessageStartingWith(
                        "malformed or unrequested ut_metadata messages must be at most 15 on a wire, were 16");
        assertThat(ours.ignored())
                .isEqualTo(Map.of(
                        MetadataIgnored.UNREQUESTED, 10L,
                        MetadataIgnored.MALFORMED, 6L,
                        MetadataIgnored.UNKNOWN_TYPE, 1L));
    }

    // ---- too many requests ----

    @Test
    void a55_twiceThePiecesAndSixteenAreServedInAnHourAndTheRestRejected() {
        byte[] info = Infos.ofLength(40_000, 1);
        connect(InfoHashes.sha1(info), UtMetadata.serving(info));
        claim("");
        serve();
        for (int request = 0; request < 100_000; request++) {
            say("d8:msg_typei0e5:piecei" + request % 3 + "ee");
            assertThat(heard()).hasSize(1).first().isInstanceOf(request < 2 * 3 + 16 ? Data.class : Reject.class);
        }
        assertThat(ours.ignored()).isEqualTo(Map.of(MetadataIgnored.EXCESS_REQUEST, 100_000L - 22));
        for (int minute = 0; minute < 60; minute++) {
            peer().send(new Message.KeepAlive()).advance(Duration.ofMinutes(1));
        }
        peer().received();
        say("d8:msg_typei0e5:piecei0ee");
        assertThat(heard()).hasSize(1).first().isInstanceOf(Data.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "-1", "9223372036854775807"})
    void a55_aRefusedRequestTakesTheMemoryOfItsMessagesOnly(String piece) {
        connect(InfoHashes.sha1(INFO), UtMetadata.serving(INFO));
        claim("");
        serve();
        Runnable thousand = () -> {
            for (int i = 0; i < 1_000; i++) {
                say("d8:msg_typei0e5:piecei" + piece + "ee");
                peer().received();
            }
        };
        thousand.run();
        assertThat(allocated(thousand) / 1_000).isLessThan(PIECE);
        assertThat(ours.ignored()).isEqualTo(Map.of(MetadataIgnored.NOT_SERVED, 2_000L));
    }
}
