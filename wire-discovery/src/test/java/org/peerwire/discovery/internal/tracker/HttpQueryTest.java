/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.InfoHash;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

class HttpQueryTest {
    private static final String REST = "info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A"
            + "&peer_id=-PW0001-abcdefghijkl&port=6881&uploaded=1&downloaded=2&left=3"
            + "&compact=1&no_peer_id=1&numwant=50&key=0A0B0C0D";

    @Test
    void anAnnounceTellsAllOfBep3() {
        assertThat(HttpQuery.announce(URI.create("http://t:1/announce"), Requests.of(AnnounceEvent.NONE)))
                .isEqualTo("http://t:1/announce?" + REST);
    }

    @Test
    void anEventAndTheIdOfTheTrackerAreTold() {
        TrackerRequest request = Requests.of(AnnounceEvent.STARTED).with(new byte[] {'a', ' ', '&'});
        assertThat(HttpQuery.announce(URI.create("http://t/announce"), request))
                .isEqualTo("http://t/announce?" + REST + "&event=started&trackerid=a%20%26");
    }

    @Test
    void theQueryOfTheTrackerIsKept() {
        TrackerRequest request = Requests.of(AnnounceEvent.NONE);
        assertThat(HttpQuery.announce(URI.create("https://[::1]:1/a/announce?passkey=x%2By#f"), request))
                .isEqualTo("https://[::1]:1/a/announce?passkey=x%2By&" + REST);
        assertThat(HttpQuery.announce(URI.create("http://t"), request)).isEqualTo("http://t/?" + REST);
        assertThat(HttpQuery.announce(URI.create("http://t/?"), request)).isEqualTo("http://t/?" + REST);
    }

    @Test
    void onlyUnreservedBytesAreNotEscaped() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        String escaped = HttpQuery.escaped(all);
        assertThat(escaped.replaceAll("%[0-9A-F]{2}", ""))
                .isEqualTo("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
        assertThat(escaped).startsWith("%00%01").endsWith("%FE%FF");
    }

    /** The examples of BEP 48. */
    @ParameterizedTest
    @CsvSource({
        "http://example.com/announce, http://example.com/scrape",
        "http://example.com/x/announce, http://example.com/x/scrape",
        "http://example.com/announce.php, http://example.com/scrape.php",
        "http://example.com/announce?x2%0644, http://example.com/scrape?x2%0644"
    })
    void theScrapeAddressIsThatOfBep48(String announce, String scrape) {
        InfoHash other = InfoHash.parse("61".repeat(20));
        String separator = scrape.contains("?") ? "&" : "?";
        assertThat(HttpQuery.scrape(URI.create(announce), List.of(Requests.HASH, other)))
                .isEqualTo(scrape + separator + "info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A&info_hash="
                        + "a".repeat(20));
    }

    /** More examples of BEP 48. */
    @ParameterizedTest
    @CsvSource({"http://example.com/a", "http://example.com/announce?x=2/4/x", "http://example.com/x%064announce"})
    void aTrackerWithoutAScrapeAddressIsRefused(String announce) {
        URI tracker = URI.create(announce);
        if (announce.contains("?")) { // in a URI, the query is no part of the path
            assertThat(HttpQuery.scrape(tracker, List.of(Requests.HASH)))
                    .startsWith("http://example.com/scrape?x=2/4/x&");
            return;
        }
        assertThatThrownBy(() -> HttpQuery.scrape(tracker, List.of(Requests.HASH)))
                .isInstanceOfSatisfying(
                        TrackerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    }
}
