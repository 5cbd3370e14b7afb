/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.Progress;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The life of an announcement to one tracker. Attack A-87. */
class AnnouncerTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 1);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final FakeTracker tracker = new FakeTracker("t", clock);
    private final Sinks.Empty<Void> completed = Sinks.empty();
    private final List<TrackerEvent> events = new ArrayList<>();
    private Progress progress = new Progress(0, 0, 10);
    private boolean ended;

    /** Without jitter. */
    private final Random random = new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public double nextDouble() {
            return 0;
        }
    };

    @AfterEach
    void stop() {
        clock.dispose();
    }

    private Announce announce() {
        return Announce.of(Requests.HASH, Requests.ID, 6881)
                .withProgress(Mono.fromSupplier(() -> progress))
                .withCompleted(completed.asMono());
    }

    private Disposable start() {
        return start(announce());
    }

    private Disposable start(Announce announce) {
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), false);
        return Announcer.start(List.of(List.of(tracker.endpoint())), announce, pace, clock, random, () -> {})
                .subscribe(events::add, error -> {}, () -> ended = true);
    }

    private void after(long seconds) {
        clock.advanceTimeBy(Duration.ofSeconds(seconds));
    }

    @Test
    void anAnnouncementStartsRepeatsAndStops() {
        tracker.script = request -> Mono.just(FakeTracker.answer(600, PEER));
        Disposable subscription = start();
        progress = new Progress(1, 2, 8);
        after(1_200);
        progress = new Progress(3, 4, 6);
        subscription.dispose();
        after(10_000);
        assertThat(tracker.log)
                .containsExactly("0 started left 10", "600 none left 8", "1200 none left 8", "1200 stopped left 6");
        TrackerRequest last = tracker.requests.get(3);
        assertThat(last.numWant()).isZero();
        assertThat(last.progress()).isEqualTo(new Progress(3, 4, 6));
        assertThat(last.key()).isEqualTo(tracker.requests.get(0).key());
        TrackerEvent.Announced event = (TrackerEvent.Announced) events.get(0);
        assertThat(event.peers()).containsExactly(PEER);
        assertThat(event.interval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(event.seeders()).hasValue(3);
        assertThat(event.leechers()).hasValue(4);
        assertThat(event.warning()).contains("slow");
        assertThat(event.tracker()).hasToString("http://t/announce");
    }

    @Test
    void theIntervalIsKeptInRange() {
        assertThat(secondAnnounce(OptionalLong.of(1), OptionalLong.empty())).isEqualTo(60);
        assertThat(secondAnnounce(OptionalLong.of(100), OptionalLong.of(300))).isEqualTo(300);
        assertThat(secondAnnounce(OptionalLong.of(100), OptionalLong.of(50))).isEqualTo(100);
        assertThat(secondAnnounce(OptionalLong.empty(), OptionalLong.empty())).isEqualTo(1_800);
        assertThat(secondAnnounce(OptionalLong.of(Integer.MAX_VALUE), OptionalLong.of(Integer.MAX_VALUE)))
                .isEqualTo(86_400);
    }

    private long secondAnnounce(OptionalLong interval, OptionalLong minInterval) {
        tracker.script = request -> Mono.just(FakeTracker.answer(interval, minInterval, null));
        tracker.log.clear();
        long begin = clock.now(TimeUnit.SECONDS);
        Disposable subscription = start();
        after(86_400);
        subscription.dispose();
        return Long.parseLong(tracker.log.get(1).split(" ")[0]) - begin;
    }

    @Test
    void theJitterIsUpToTenPercent() {
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), false);
        List<Long> times = new ArrayList<>();
        Random seeded = new Random(1);
        for (int i = 0; i < 50; i++) {
            tracker.log.clear();
            long begin = clock.now(TimeUnit.SECONDS);
            Disposable subscription = Announcer.start(
                            List.of(List.of(tracker.endpoint())), announce(), pace, clock, seeded, () -> {})
                    .subscribe();
            after(2_000);
            subscription.dispose();
            times.add(Long.parseLong(tracker.log.get(1).split(" ")[0]) - begin);
        }
        assertThat(times).allMatch(time -> time >= 1_800 && time <= 1_980);
        assertThat(times.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void failuresAreRepeatedAfterLongerAndLongerTimes() {
        tracker.script = request -> Mono.error(new TrackerException(Reason.TIMEOUT, "no"));
        start();
        after(8_000);
        assertThat(tracker.log.stream().map(line -> line.split(" ")[0]))
                .containsExactly(
                        "0", "5", "15", "35", "75", "155", "315", "635", "1275", "2555", "4355", "6155", "7955");
        TrackerEvent.Failed event = (TrackerEvent.Failed) events.get(1);
        assertThat(event.retryIn()).contains(Duration.ofSeconds(10));
        assertThat(event.failure().reason()).isEqualTo(Reason.TIMEOUT);
        tracker.script = request -> Mono.just(FakeTracker.answer(1_800));
        after(1_800);
        assertThat(tracker.log.get(13)).isEqualTo("9755 started left 10");
        tracker.script = request -> Mono.error(new TrackerException(Reason.TIMEOUT, "no"));
        after(1_805);
        assertThat(tracker.log.subList(14, 16)).containsExactly("11555 none left 10", "11560 none left 10");
    }

    @Test
    void aRefusalIsNotRepeatedWithinAMinute() {
        tracker.script = request -> Mono.error(new TrackerException(Reason.REFUSED, "no"));
        start();
        after(70);
        assertThat(tracker.log).containsExactly("0 started left 10", "60 started left 10");
    }

    /** BEP 31. */
    @Test
    void theTimeOfARetryIsThatOfTheTracker() {
        tracker.script = request -> Mono.error(new TrackerException(Reason.REFUSED, "no", null, Duration.ofMinutes(7)));
        start();
        after(420);
        assertThat(tracker.log).containsExactly("0 started left 10", "420 started left 10");
        tracker.script =
                request -> Mono.error(new TrackerException(Reason.REFUSED, "no", null, TrackerException.NEVER));
        after(421);
        assertThat(ended).isTrue();
        assertThat(((TrackerEvent.Failed) events.get(2)).retryIn()).isEmpty();
        after(100_000);
        assertThat(tracker.log).hasSize(3);
    }

    @Test
    void aTrackerThatNeverAnsweredIsNotToldOfTheEnd() {
        tracker.script = request -> Mono.never();
        Disposable subscription = start();
        after(5);
        subscription.dispose();
        after(5);
        assertThat(tracker.log).containsExactly("0 started left 10");
        assertThat(tracker.cancelled).isEqualTo(1);
    }

    @Test
    void theEndIsGivenUpAfterTwoSeconds() {
        Disposable subscription = start();
        tracker.script = request -> Mono.never();
        subscription.dispose();
        after(1);
        assertThat(tracker.cancelled).isZero();
        after(1);
        assertThat(tracker.cancelled).isEqualTo(1);
        assertThat(tracker.log).containsExactly("0 started left 10", "0 stopped left 10");
    }

    @Test
    void theCompletionIsToldOnce() {
        start();
        after(10);
        progress = new Progress(0, 10, 0);
        completed.tryEmitEmpty();
        after(1_800);
        assertThat(tracker.log).containsExactly("0 started left 10", "10 completed left 0", "1810 none left 0");
    }

    @Test
    void aSeedIsNeverCompleted() {
        progress = new Progress(0, 0, 0);
        start();
        completed.tryEmitEmpty();
        after(1_800);
        assertThat(tracker.log).containsExactly("0 started left 0", "1800 none left 0");
    }

    @Test
    void aCompletionDuringTheStartIsToldAfterIt() {
        tracker.answering(Duration.ofSeconds(3), FakeTracker.answer(1_800));
        start();
        after(1);
        progress = new Progress(0, 10, 0);
        completed.tryEmitEmpty();
        after(2);
        assertThat(tracker.log).containsExactly("0 started left 10", "3 completed left 0");
    }

    @Test
    void aCompletionBeforeTheStartIsNotTold() {
        tracker.script = request -> Mono.error(new TrackerException(Reason.TIMEOUT, "no"));
        start();
        progress = new Progress(0, 10, 0);
        completed.tryEmitEmpty();
        tracker.script = request -> Mono.just(FakeTracker.answer(1_800));
        after(1_900);
        assertThat(tracker.log).containsExactly("0 started left 10", "5 started left 0", "1805 none left 0");
    }

    @Test
    void aCompletionThatCouldNotBeToldIsToldLater() {
        start();
        after(10);
        progress = new Progress(0, 10, 0);
        tracker.script = request -> Mono.error(new TrackerException(Reason.TIMEOUT, "no"));
        completed.tryEmitEmpty();
        after(1);
        tracker.script = request -> Mono.just(FakeTracker.answer(1_800));
        after(1_900);
        assertThat(tracker.log)
                .containsExactly("0 started left 10", "10 completed left 0", "15 completed left 0", "1815 none left 0");
    }

    @Test
    void theIdOfTheTrackerIsToldAgain() {
        byte[] id = {1, 2};
        tracker.script = request -> Mono.just(FakeTracker.answer(OptionalLong.empty(), OptionalLong.empty(), id));
        start();
        tracker.script = request -> Mono.just(FakeTracker.answer(1_800));
        after(3_600);
        assertThat(tracker.requests).hasSize(3);
        assertThat(tracker.requests.get(0).trackerId()).isNull();
        assertThat(tracker.requests.get(1).trackerId()).isEqualTo(id);
        assertThat(tracker.requests.get(2).trackerId()).isEqualTo(id);
    }

    @Test
    void theLastStateIsToldIfTheNextOneDoesNotCome() {
        List<Mono<Progress>> states = new ArrayList<>(List.of(
                Mono.just(new Progress(1, 1, 1)), Mono.error(new IllegalStateException()), Mono.empty(), Mono.never()));
        start(announce().withProgress(Mono.defer(() -> states.remove(0))));
        after(5_401);
        assertThat(tracker.log)
                .containsExactly("0 started left 1", "1800 none left 1", "3600 none left 1", "5401 none left 1");
    }

    @Test
    void aPortOfZeroIsToldAsOne() {
        start(Announce.of(Requests.HASH, Requests.ID, 0));
        assertThat(tracker.requests.get(0).port()).isEqualTo(1);
        assertThat(tracker.log).containsExactly("0 started left 16384");
    }

    @Test
    void aSubscriberMayCancelInItsFirstEvent() {
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), false);
        Announcer.start(List.of(List.of(tracker.endpoint())), announce(), pace, clock, random, () -> {})
                .next()
                .subscribe(events::add);
        after(10_000);
        assertThat(events).hasSize(1);
        assertThat(tracker.log).containsExactly("0 started left 10", "0 stopped left 10");
    }

    @Test
    void withoutTrackersItCompletes() {
        for (boolean everyTier : new boolean[] {true, false}) {
            Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), everyTier);
            ended = false;
            Announcer.start(List.of(), announce(), pace, clock, random, () -> {})
                    .subscribe(events::add, error -> {}, () -> ended = true);
            assertThat(ended).isTrue();
        }
    }
}
