/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.tracker.FakeUdpTracker.Packet;
import reactor.core.publisher.Flux;

class EndpointTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wss://t/announce",
                "announce",
                "udp://t/announce",
                "http:///announce",
                "udp://t:0/",
                "http://t:65536/"
            })
    void anotherUrlIsUnsupported(String uri) {
        assertThatThrownBy(() -> Endpoint.of(URI.create(uri), Settings.local()))
                .isInstanceOfSatisfying(
                        TrackerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    }

    /** BEP 7: each family is told of by an announce over it, with the same key. */
    @Test
    void bothFamiliesAreAnnounced() throws Exception {
        try (FakeUdpTracker four = new FakeUdpTracker();
                FakeUdpTracker six = new FakeUdpTracker("::1", four.port())) {
            CompletableFuture<List<TrackerAnswer>> answers = Endpoint.of(four.uri("tracker"), Settings.local())
                    .announce(Requests.of(AnnounceEvent.STARTED))
                    .collectList()
                    .toFuture();
            four.connected();
            six.connected();
            Packet overFour = four.next();
            Packet overSix = six.next();
            assertThat(overFour.hex().substring(32)).isEqualTo(overSix.hex().substring(32));
            four.answerAnnounce(overFour, "7f0000010050");
            six.answerAnnounce(overSix, "000000000000000000000000000000010051");
            Set<InetSocketAddress> peers = new HashSet<>();
            answers.get(20, TimeUnit.SECONDS).forEach(answer -> peers.addAll(answer.peers()));
            assertThat(peers).containsExactlyInAnyOrder(peer("127.0.0.1", 80), peer("::1", 81));
        }
    }

    @Test
    void oneFamilyIsEnough() throws Exception {
        try (FakeUdpTracker four = new FakeUdpTracker()) { // nobody listens on ::1
            for (String host : List.of("tracker", "four", "my_tracker", "127.0.0.1")) {
                Flux<TrackerAnswer> announce =
                        Endpoint.of(four.uri(host), Settings.local()).announce(Requests.of(AnnounceEvent.STARTED));
                CompletableFuture<List<TrackerAnswer>> answers =
                        announce.collectList().toFuture();
                four.connected();
                four.answerAnnounce(four.next(), "7f0000010050");
                assertThat(answers.get(20, TimeUnit.SECONDS)).as(host).hasSize(1);
            }
        }
    }

    @Test
    void theFailureOfAFamilyWithAnAddressIsTold() {
        for (String host : List.of("four", "six", "127.0.0.1", "[::1]")) {
            Throwable error = catchThrowable(() -> Endpoint.of(
                            URI.create("udp://" + host + ":1"),
                            Settings.of(reactor.core.scheduler.Schedulers.parallel(), false, false))
                    .announce(Requests.of(AnnounceEvent.STARTED))
                    .blockLast(Duration.ofSeconds(20)));
            assertThat(error).as(host).isInstanceOfSatisfying(TrackerException.class, e -> assertThat(e.reason())
                    .isEqualTo(Reason.LOCAL_ADDRESS));
        }
    }

    private static InetSocketAddress peer(String literal, int port) {
        return new InetSocketAddress(literal, port);
    }
}
