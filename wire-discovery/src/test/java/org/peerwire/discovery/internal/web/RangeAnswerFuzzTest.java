/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.discovery.SeedTorrents;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceException;

/** The headers and URLs of servers are hostile. Attack A-98. */
class RangeAnswerFuzzTest {
    private static final int LENGTH = 5_000;
    private static final Torrent TORRENT = SeedTorrents.file("x", new byte[LENGTH], 1 << 14);
    private static final RangeSource.Range RANGE =
            new RangeSource.Range(TORRENT, TORRENT.files().get(0), 1_000, 500);

    static Stream<byte[]> headers() {
        return Stream.of(
                        "Content-Range: bytes 1000-1499/5000",
                        "Content-Range: bytes 0-1/*",
                        "Content-Range: bytes 99999999999999999999-0/-1",
                        "Content-Length: 5000",
                        "Content-Encoding: gzip\n\u001b[31m",
                        "Retry-After: 120",
                        "Retry-After: 99999999999999999999",
                        "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<byte[]> urls() {
        return Stream.of(
                        "http://mirror.com/a/",
                        "https://[::1]:443/x?y#z",
                        "http://user@mirror.com/",
                        "//mirror.com:0/%zz",
                        "ftp://mirror.com/",
                        "http://mirror.com/\u00e4 {}|\\^")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @FuzzTest
    @MethodSource("headers")
    void anAnswerIsUsableOrFailsWithOneLine(byte[] line) {
        String[] parts = new String(line, StandardCharsets.ISO_8859_1).split(": ?", 2);
        String name = parts[0];
        String value = parts.length == 1 ? "" : parts[1];
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        if (!name.isEmpty()) {
            headers.add(name, value);
        }
        for (int status : new int[] {200, 206, 404, 416, 503, value.length()}) {
            try {
                RangeAnswer answer = RangeAnswer.of(status, headers, RANGE);
                assertThat(answer.skipped()).isBetween(0L, RANGE.offset());
            } catch (SourceException e) {
                assertThat(e.getMessage()).doesNotContain("\n", "\r", "\u001b").hasSizeLessThan(200);
                assertThat(e.retryAfter() == null || !e.retryAfter().isNegative())
                        .isTrue();
            }
        }
    }

    @FuzzTest
    @MethodSource("urls")
    void aUrlIsOneOfHttpOrUnused(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        SeedUrl.parse(text).ifPresent(url -> {
            assertUsable(url.base());
            assertUsable(url.of(TORRENT, TORRENT.files().get(0)));
            url.redirect(text).ifPresent(to -> assertUsable(to.base()));
        });
    }

    private static void assertUsable(URI uri) {
        assertThat(uri.getScheme().toLowerCase(Locale.ROOT)).isIn("http", "https");
        assertThat(uri.getHost()).isNotEmpty();
        assertThat(uri.getRawUserInfo()).isNull();
        assertThat(uri.getRawFragment()).isNull();
    }
}
