/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hosts of URLs. */
class AuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "http://tracker.example/a, tracker.example, -1",
        "http://[::1]:80/, [::1], 80",
        "http://127.0.0.1, 127.0.0.1, -1",
        "http://my_tracker/announce, my_tracker, -1",
        "udp://opentracker_1.example:6969, opentracker_1.example, 6969",
        "http://my_tracker:/, my_tracker, -1",
        "http://b\u00fccher.example:80/, xn--bcher-kva.example, 80",
        "http://b%C3%BCcher.example/, xn--bcher-kva.example, -1"
    })
    void theHostAndThePortAreRead(String uri, String host, int port) {
        assertThat(Authority.of(URI.create(uri))).isEqualTo(new Authority(null, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/announce",
                "http:opaque",
                "http:///announce",
                "http://my_tracker:x/",
                "http://my_tracker:123456/",
                "http://my_tracker:-1/",
                "http://my_tracker:80:80/",
                "http://.my_tracker/",
                "http://my..tracker_/",
                "http://my_tracker%2Fx/",
                "http://my_tracker%40x/",
                "http://my_tracker%00/",
                "http://my_tracker%0d%0ax/",
                "http://my_tracker$/"
            })
    void anotherAuthorityIsNone(String uri) {
        assertThat(Authority.of(URI.create(uri))).isNull();
    }

    @Test
    void aLongNameIsNone() {
        assertThat(Authority.of(URI.create("http://_" + "a.".repeat(200) + "a/")))
                .isNull();
        assertThat(Authority.of(URI.create("http://_" + "a".repeat(63) + "/"))).isNull();
    }

    @Test
    void theUserIsRead() {
        assertThat(Authority.of(URI.create("http://me:p%40@t:1/"))).isEqualTo(new Authority("me:p%40", "t", 1));
        assertThat(Authority.of(URI.create("http://me:p%40@t_:1/"))).isEqualTo(new Authority("me:p%40", "t_", 1));
        assertThat(Authority.decoded("me:p%40+%C3%BC")).isEqualTo("me:p@+\u00fc");
        assertThat(new Authority("me:secret", "t", 1)).hasToString("t:1");
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:p@t:1/a@b?c@d, http://t:1/a@b?c@d",
        "http://t/a@b, http://t/a@b",
        "//me@t/, //t/",
        "http:me:p@t, http:t",
        "http://me:p@a@t b/, http://t b/"
    })
    void aMessageHasNoUser(String url, String shown) {
        assertThat(Authority.withoutUser(url)).isEqualTo(shown);
    }

    @Test
    void aUrlIsWrittenInAscii() {
        URI uri = URI.create("http://me@b\u00fccher.example:80/\u00e4?\u00f6#x");
        assertThat(Authority.of(uri).in(uri)).isEqualTo(URI.create("http://xn--bcher-kva.example:80/%C3%A4?%C3%B6"));
        uri = URI.create("http://my_tracker");
        assertThat(Authority.of(uri).in(uri)).isEqualTo(uri);
    }
}
