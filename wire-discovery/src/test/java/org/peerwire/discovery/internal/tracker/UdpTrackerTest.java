/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.NoAddressException;
import org.peerwire.discovery.internal.tracker.FakeUdpTracker.Packet;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Attacks. */
class UdpTrackerTest {
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private FakeUdpTracker server;
    private UdpTracker tracker;

    @BeforeEach
    void start() throws Exception {
        server = new FakeUdpTracker();
        tracker = new UdpTracker(server.uri("tracker"), Settings.of(clock, true, false));
    }

    @AfterEach
    void stop() {
        server.close();
        clock.dispose();
    }

    private CompletableFuture<TrackerAnswer> announce() {
        return tracker.announce(Requests.of(AnnounceEvent.STARTED), Family.IPV4).toFuture();
    }

    @Test
    void aConnectThenAnAnnounceGivePeers() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet connect = server.connected();
        assertThat(connect.hex()).hasSize(32).startsWith("0000041727101980" + "00000000");
        Packet announce = server.next();
        assertThat(announce.connection()).isEqualTo(FakeUdpTracker.CONNECTION);
        assertThat(announce.action()).isEqualTo("00000001");
        assertThat(announce.transaction()).isNotEqualTo(connect.transaction());
        assertThat(announce.hex()).endsWith("1ae1" + "0209" + "2f616e6e6f756e6365"); // the port, then /announce
        server.answerAnnounce(announce, "7f0000011ae1");
        assertThat(answer.get(20, TimeUnit.SECONDS).peers()).containsExactly(new InetSocketAddress("127.0.0.1", 6881));
        assertThat(answer.get().interval()).hasValue(1_800);
    }

    /** BEP 15: "connect times out". */
    @Test
    void aConnectIsSentAgainAfter15And30And60Seconds() throws Exception {
        RecordingClock recording = new RecordingClock(clock);
        tracker = new UdpTracker(server.uri("tracker"), Settings.of(recording, true, false));
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet first = server.next();
        for (int wait = 15; wait < 3_840; wait *= 2) {
            clock.advanceTimeBy(Duration.ofSeconds(wait));
            assertThat(server.next().hex()).isEqualTo(first.hex());
        }
        clock.advanceTimeBy(Duration.ofSeconds(3_840));
        assertThat(failure(answer).reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(recording.seconds).containsExactly(15L, 30L, 60L, 120L, 240L, 480L, 960L, 1_920L, 3_840L);
    }

    /** BEP 15: "announce times out", with the new connection that an id of a minute needs. */
    @Test
    void anAnnounceIsSentAgainAndConnectsAgainAfterAMinute() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        server.connected();
        Packet announce = server.next();
        clock.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(server.next().hex()).isEqualTo(announce.hex());
        clock.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(server.next().hex()).isEqualTo(announce.hex());
        clock.advanceTimeBy(Duration.ofSeconds(60));
        Packet again = server.next();
        assertThat(again.connection()).isEqualTo("0000041727101980");
        server.answer(again, "00000000" + again.transaction() + "b1b2b3b4b5b6b7b8");
        Packet last = server.next();
        assertThat(last.connection()).isEqualTo("b1b2b3b4b5b6b7b8");
        server.answerAnnounce(last, "");
        assertThat(answer.get(20, TimeUnit.SECONDS).peers()).isEmpty();
    }

    @Test
    void packetsWithAnotherTransactionOrActionAreIgnored() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet connect = server.next();
        String other = connect.transaction().equals("00000001") ? "00000002" : "00000001";
        server.answer(connect, "00");
        server.answer(connect, "00000000" + other + "b1b2b3b4b5b6b7b8");
        server.answer(connect, "00000003" + other + "6e6f");
        server.answer(connect, "00000001" + connect.transaction() + "000007080000000200000001");
        server.answer(connect, "00000000" + connect.transaction() + FakeUdpTracker.CONNECTION);
        Packet announce = server.next();
        assertThat(announce.connection()).isEqualTo(FakeUdpTracker.CONNECTION);
        server.answer(announce, "00000001" + other + "000007080000000200000001" + "7f0000010050");
        server.answerAnnounce(announce, "");
        assertThat(answer.get(20, TimeUnit.SECONDS).peers()).isEmpty();
    }

    @Test
    void packetsOfOthersDoNotReachTheSocket() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet connect = server.next();
        try (FakeUdpTracker other = new FakeUdpTracker()) {
            other.answer(connect, "00000000" + connect.transaction() + "b1b2b3b4b5b6b7b8");
        }
        server.answer(connect, "00000000" + connect.transaction() + FakeUdpTracker.CONNECTION);
        Packet announce = server.next();
        assertThat(announce.connection()).isEqualTo(FakeUdpTracker.CONNECTION);
        server.answerAnnounce(announce, "");
        answer.get(20, TimeUnit.SECONDS);
    }

    @Test
    void anErrorIsARefusal() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        server.connected();
        Packet announce = server.next();
        server.answer(announce, "00000003" + announce.transaction() + "6e6f7420686572650a");
        assertThat(failure(answer).reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure(answer)).hasMessage("refused by the tracker: not here");
    }

    @Test
    void aShortAnswerIsMalformed() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet connect = server.next();
        server.answer(connect, "00000000" + connect.transaction() + "b1");
        assertThat(failure(answer).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void aClosedPortFailsAtOnce() throws Exception {
        int port;
        try (DatagramSocket closed = new DatagramSocket()) {
            port = closed.getLocalPort();
        }
        tracker = new UdpTracker(URI.create("udp://four:" + port), Settings.of(clock, true, false));
        assertThat(failure(announce()).reason()).isEqualTo(Reason.CONNECTION);
    }

    @Test
    void theWholeTimeIsLimited() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        server.connected();
        server.next();
        clock.advanceTimeBy(Duration.ofSeconds(7_700));
        assertThat(failure(answer).reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void aScrapeGivesTheNumbersOfEachTorrent() throws Exception {
        InfoHash other = InfoHash.parse("ab".repeat(20));
        CompletableFuture<List<Scrape>> answer =
                tracker.scrape(List.of(Requests.HASH, other), Family.IPV4).toFuture();
        server.connected();
        Packet scrape = server.next();
        assertThat(scrape.hex()).endsWith("00000002" + scrape.transaction() + Requests.HASH.toHex() + other.toHex());
        server.answer(
                scrape, "00000002" + scrape.transaction() + "000000010000000200000003" + "000000040000000500000006");
        assertThat(answer.get(20, TimeUnit.SECONDS))
                .containsExactly(new Scrape(Requests.HASH, 1, 2, 3), new Scrape(other, 4, 5, 6));
        assertThat(catchThrowable(() -> tracker.scrape(Collections.nCopies(75, other), Family.IPV4)
                        .block()))
                .hasMessage("a scrape over UDP must have 74 torrents or fewer, has 75");
    }

    @Test
    void theFamilyOfTheSocketGivesTheLengthOfAPeer() throws Exception {
        try (FakeUdpTracker six = new FakeUdpTracker("::1", 0)) {
            tracker = new UdpTracker(six.uri("tracker"), Settings.of(clock, true, false));
            CompletableFuture<TrackerAnswer> answer = tracker.announce(Requests.of(AnnounceEvent.STARTED), Family.IPV6)
                    .toFuture();
            six.connected();
            six.answerAnnounce(six.next(), "000000000000000000000000000000010050");
            assertThat(answer.get(20, TimeUnit.SECONDS).peers()).containsExactly(new InetSocketAddress("::1", 80));
        }
    }

    @Test
    void aLocalAddressIsRefusedUnlessAllowed() {
        for (String host : List.of("tracker", "127.0.0.1", "[::1]")) {
            tracker = new UdpTracker(server.uri(host), Settings.of(clock, false, false));
            Family family = host.startsWith("[") ? Family.IPV6 : Family.IPV4;
            Throwable error = catchThrowable(() ->
                    tracker.announce(Requests.of(AnnounceEvent.NONE), family).block(Duration.ofSeconds(20)));
            assertThat(error).as(host).isInstanceOfSatisfying(TrackerException.class, e -> assertThat(e.reason())
                    .isEqualTo(Reason.LOCAL_ADDRESS));
        }
        assertThat(server.isQuiet()).isTrue();
    }

    @Test
    void aMissingFamilyIsToldAsSuch() {
        tracker = new UdpTracker(server.uri("four"), Settings.of(clock, true, false));
        CompletableFuture<TrackerAnswer> answer =
                tracker.announce(Requests.of(AnnounceEvent.NONE), Family.IPV6).toFuture();
        assertThat(cause(answer)).isInstanceOf(NoAddressException.class);
    }

    @Test
    void aCancellationClosesTheSocket() throws Exception {
        CompletableFuture<TrackerAnswer> answer = announce();
        Packet connect = server.next();
        answer.cancel(true);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int port = ((InetSocketAddress) connect.from()).getPort();
        boolean free = false;
        while (!free && System.nanoTime() < end) {
            try (DatagramSocket socket = new DatagramSocket(port)) {
                free = socket.isBound();
            } catch (java.net.BindException stillOpen) {
                Thread.onSpinWait();
            }
        }
        assertThat(free).isTrue();
    }

    private static TrackerException failure(CompletableFuture<?> answer) {
        assertThat(cause(answer)).isInstanceOf(TrackerException.class);
        return (TrackerException) cause(answer);
    }

    private static Throwable cause(CompletableFuture<?> answer) {
        Throwable thrown = catchThrowable(() -> answer.get(20, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }
}
