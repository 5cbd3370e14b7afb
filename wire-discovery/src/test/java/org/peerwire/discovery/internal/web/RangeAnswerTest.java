/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.discovery.SeedTorrents;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceException;
import org.peerwire.swarm.SourceException.Reason;

/** The answers of servers to a request for 100 bytes of a file of 3 MiB. Attack A-98. */
class RangeAnswerTest {
    private static final int LENGTH = 3 * 1024 * 1024;
    private static final Torrent TORRENT = SeedTorrents.file("x", new byte[LENGTH], 1 << 20);

    private static RangeSource.Range range(long offset) {
        return new RangeSource.Range(TORRENT, TORRENT.files().get(0), offset, 100);
    }

    private static HttpHeaders headers(String... pairs) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    private static void assertFails(int status, HttpHeaders headers, long offset, Reason reason, String message) {
        assertThatThrownBy(() -> RangeAnswer.of(status, headers, range(offset)))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 200-299/3145728", "bytes 200-299/*", " bytes 200-299/3145728 "})
    void aPartialAnswerIsTheRange(String value) {
        assertThat(RangeAnswer.of(206, headers("Content-Range", value), range(200)))
                .isEqualTo(new RangeAnswer(0, false));
    }

    @ParameterizedTest
    @CsvSource({"bytes 200-298/*, FAILED", "bytes 0-99/*, FAILED", "bytes 200-299/3145729, GONE"})
    void aPartialAnswerWithOtherBytesFails(String value, Reason reason) {
        assertFails(206, headers("Content-Range", value), 200, reason, "instead of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bytes 200-299", "bytes -1-299/*", "bytes 200-9999999999999999999/*", "items 200-299/*"})
    void aPartialAnswerWithoutItsRangeFails(String value) {
        assertFails(206, headers("Content-Range", value), 200, Reason.UNUSABLE, "without one range");
        assertFails(206, headers(), 200, Reason.UNUSABLE, "without one range, was none");
    }

    @Test
    void aWholeFileIsReadToTheRangeIfThatIsNear() {
        assertThat(RangeAnswer.of(200, headers("Content-Length", "" + LENGTH), range(1_000_000)))
                .isEqualTo(new RangeAnswer(1_000_000, true));
        assertThat(RangeAnswer.of(200, headers(), range(0))).isEqualTo(new RangeAnswer(0, true));
        assertFails(200, headers(), RangeAnswer.MAX_SKIPPED + 1, Reason.GONE, "does not serve ranges");
    }

    @Test
    void aFileOfAnotherLengthIsAnotherFile() {
        assertFails(200, headers("Content-Length", "77"), 0, Reason.GONE, "has 77 bytes instead of 3145728");
    }

    @ParameterizedTest
    @CsvSource({
        "404, GONE",
        "410, GONE",
        "416, GONE",
        "429, BUSY",
        "503, BUSY",
        "403, FAILED",
        "500, FAILED",
        "204, FAILED",
        "100, FAILED"
    })
    void anotherStatusFails(int status, Reason reason) {
        assertFails(status, headers(), 0, reason, "status " + status);
    }

    @Test
    void encodedDataIsNotUsed() {
        assertFails(
                200,
                headers("Content-Encoding", "gz\u001b[31m"),
                0,
                Reason.UNUSABLE,
                "encodes the data as \"gz?[31m\"");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "120, -, PT2M",
                "0, -, PT0S",
                "999999999999999999, -, PT24H",
                "9999999999999999999, -, -",
                "-5, -, -",
                "soon, -, -",
                "'Fri, 31 Dec 1999 23:59:59 GMT', 'Fri, 31 Dec 1999 23:58:59 GMT', PT1M",
                "'Fri, 31 Dec 1999 23:59:59 GMT', 'Fri, 31 Dec 1999 23:59:59 GMT', PT0S",
                "'Fri, 31 Dec 1999 23:59:59 GMT', 'Sat, 01 Jan 2000 23:59:59 GMT', -",
                "'Fri, 31 Dec 1999 23:59:59 GMT', -, -",
            })
    void theTimeToWaitIsInSecondsOrADate(String value, String date, Duration expected) {
        HttpHeaders headers = headers("Retry-After", value);
        if (date != null) {
            headers.add("Date", date);
        }

        assertThat(RangeAnswer.retryAfter(headers)).isEqualTo(expected);
    }
}
