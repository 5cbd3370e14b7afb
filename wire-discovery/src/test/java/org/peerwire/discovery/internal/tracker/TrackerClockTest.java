/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.WallClock;
import org.peerwire.discovery.internal.tracker.FakeUdpTracker.Packet;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Somebody sets the time of day back by an hour, which changes no period. */
class TrackerClockTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final WallClock clock = new WallClock(time);

    @AfterEach
    void stop() {
        time.dispose();
    }

    @Test
    void announcesKeepTheirInterval() {
        FakeTracker tracker = new FakeTracker("t", time);
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), false);
        Announce announce = Announce.of(Requests.HASH, Requests.ID, 6881);
        Announcer.start(List.of(List.of(tracker.endpoint())), announce, pace, clock, new Random(1), () -> {})
                .subscribe();
        time.advanceTimeBy(Duration.ofSeconds(900));
        clock.setBack(HOUR);
        time.advanceTimeBy(HOUR);
        assertThat(tracker.log).hasSize(3); // with up to 10 % of jitter
    }

    /** BEP 15: a connection id is not used for longer than a minute. */
    @Test
    void connectionIdsEndAfterAMinute() throws Exception {
        try (FakeUdpTracker server = new FakeUdpTracker()) {
            CompletableFuture<TrackerAnswer> answer = new UdpTracker(
                            server.uri("tracker"), Settings.of(clock, true, false))
                    .announce(Requests.of(AnnounceEvent.STARTED), Family.IPV4)
                    .toFuture();
            server.connected();
            server.next();
            clock.setBack(HOUR);
            time.advanceTimeBy(Duration.ofSeconds(15));
            server.next();
            time.advanceTimeBy(Duration.ofSeconds(30));
            server.next();
            time.advanceTimeBy(Duration.ofSeconds(60));
            Packet again = server.next();
            assertThat(again.connection()).isEqualTo("0000041727101980");
            server.answer(again, "00000000" + again.transaction() + FakeUdpTracker.CONNECTION);
            server.answerAnnounce(server.next(), "");
            answer.get(20, TimeUnit.SECONDS);
        }
    }
}
