/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The order of many trackers (BEP 12). Attack A-86. */
class LadderTest {
    private static final Random IN_ORDER = new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt(int bound) {
            return bound - 1; // a shuffle that exchanges each element with itself
        }

        @Override
        public double nextDouble() {
            return 0;
        }
    };

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final List<String> answers = new ArrayList<>();
    private boolean ended;

    @AfterEach
    void stop() {
        clock.dispose();
    }

    private Disposable start(boolean everyTier, Random random, List<List<FakeTracker>> tiers) {
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), everyTier);
        List<List<Endpoint>> endpoints = tiers.stream()
                .map(tier -> tier.stream().map(FakeTracker::endpoint).toList())
                .toList();
        return Announcer.start(endpoints, Announce.of(Requests.HASH, Requests.ID, 1), pace, clock, random, () -> {})
                .subscribe(this::note, error -> {}, () -> ended = true);
    }

    private void note(TrackerEvent event) {
        if (event instanceof TrackerEvent.Announced) {
            answers.add(clock.now(TimeUnit.MILLISECONDS) + " " + event.tracker().getHost());
        }
    }

    private FakeTracker living(String name) {
        return new FakeTracker(name, clock);
    }

    private FakeTracker failing(String name) {
        return FakeTracker.failing(name, clock, Reason.TIMEOUT);
    }

    private FakeTracker silent(String name) {
        return FakeTracker.silent(name, clock);
    }

    @Test
    void theFirstLivingTrackerOfTheFirstTierIsUsedAlone() {
        FakeTracker a = failing("a");
        FakeTracker b = living("b");
        FakeTracker c = living("c");
        FakeTracker d = living("d");
        start(false, IN_ORDER, List.of(List.of(a, b, c), List.of(d)));
        clock.advanceTimeBy(Duration.ofSeconds(3_600));
        assertThat(answers).containsExactly("0 b", "1800000 b", "3600000 b");
        assertThat(a.log).hasSize(1); // b was promoted
        assertThat(c.log).isEmpty();
        assertThat(d.log).isEmpty();
    }

    @Test
    void theNextTierIsUsedIfAllOfTheFirstFail() {
        FakeTracker a = failing("a");
        FakeTracker b = failing("b");
        start(false, IN_ORDER, List.of(List.of(a, b), List.of(living("c"))));
        clock.advanceTimeBy(Duration.ofSeconds(1_800));
        assertThat(answers).containsExactly("0 c", "1800000 c");
        assertThat(a.log).hasSize(2); // the first tier is tried again in the next round
        assertThat(b.log).hasSize(2);
    }

    @Test
    void eachTierIsUsedIfAsked() {
        start(true, IN_ORDER, List.of(List.of(failing("a"), living("b")), List.of(silent("c")), List.of(living("d"))));
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(answers).containsExactlyInAnyOrder("0 b", "0 d");
    }

    @Test
    void aSilentTrackerDelaysTheNextOneByTheirPatience() {
        start(false, IN_ORDER, List.of(List.of(silent("a"), living("b"))));
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(answers).containsExactly("1000 b");
    }

    @Test
    void moreAndMoreAreAskedWhileNobodyAnswers() {
        List<FakeTracker> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(silent("t" + i));
        }
        start(false, IN_ORDER, List.of(all));
        List<Long> asked = new ArrayList<>();
        for (int second = 0; second <= 6; second++) {
            asked.add(all.stream().filter(tracker -> !tracker.log.isEmpty()).count());
            clock.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertThat(asked).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 32L); // 32 at most are under way
    }

    /** The bound of the design: 15 of 20 are dead, and the first living answer gives peers within a second. */
    @Test
    void fifteenDeadTrackersOfTwentyHoldNothingUp() {
        for (int seed = 0; seed < 200; seed++) {
            answers.clear();
            List<Long> living = new ArrayList<>();
            List<FakeTracker> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(i < 15 ? dead(seed, i) : noting(living, living("t" + i)));
            }
            long begin = clock.now(TimeUnit.MILLISECONDS);
            Disposable subscription = start(false, new Random(seed), List.of(all));
            clock.advanceTimeBy(Duration.ofSeconds(30));
            long firstPeers = Long.parseLong(answers.get(0).split(" ")[0]);
            assertThat(firstPeers).isEqualTo(living.get(0)); // at once, which is less than a second
            assertThat(firstPeers - begin).isBetween(200L, 5_200L);
            subscription.dispose();
            clock.advanceTimeBy(Duration.ofSeconds(10));
        }
    }

    /** Silent in two thirds of the rounds; in the others silent, refusing, failing at once and failing late. */
    private FakeTracker dead(int seed, int number) {
        String name = "dead" + number;
        FakeTracker late = silent(name);
        late.script = request -> Mono.<TrackerAnswer>error(new TrackerException(Reason.UNKNOWN_HOST, "no"))
                .delaySubscription(Duration.ofMillis(700), clock);
        return switch (seed % 3 == 0 ? number % 4 : 0) {
            case 0 -> silent(name);
            case 1 -> FakeTracker.failing(name, clock, Reason.REFUSED);
            case 2 -> failing(name);
            default -> late;
        };
    }

    /** Lets a tracker answer after 200 ms and note the time. */
    private FakeTracker noting(List<Long> times, FakeTracker tracker) {
        tracker.answering(Duration.ofMillis(200), FakeTracker.answer(1_800, new InetSocketAddress("192.0.2.1", 1)));
        Function<TrackerRequest, Mono<TrackerAnswer>> script = tracker.script;
        tracker.script =
                request -> script.apply(request).doOnNext(answer -> times.add(clock.now(TimeUnit.MILLISECONDS)));
        return tracker;
    }

    @Test
    void aLateAnswerIsUsedAndToldOfTheEnd() {
        FakeTracker late = living("a").answering(Duration.ofSeconds(5), FakeTracker.answer(1_800));
        FakeTracker fast = living("b");
        Disposable subscription = start(false, IN_ORDER, List.of(List.of(late, fast)));
        clock.advanceTimeBy(Duration.ofSeconds(1_801));
        assertThat(answers).containsExactly("1000 b", "5000 a", "1801000 b"); // b stays the one that is used
        subscription.dispose();
        assertThat(late.log).containsExactly("0 started left 16384", "1801 stopped left 16384");
    }

    /** The times of both answers differ by their jitter, and the later one counts. */
    @Test
    void aTrackerWithBothFamiliesStaysTheOneThatIsUsed() {
        for (int seed = 0; seed < 50; seed++) {
            FakeTracker both = living("a");
            both.six = request -> Mono.just(FakeTracker.answer(1_800)).delayElement(Duration.ofMillis(200), clock);
            FakeTracker b = living("b");
            FakeTracker c = living("c");
            Disposable subscription = start(false, new Random(seed), List.of(List.of(both), List.of(b), List.of(c)));
            clock.advanceTimeBy(Duration.ofHours(4));
            assertThat(both.log).as("seed %d", seed).hasSizeBetween(8, 9);
            assertThat(b.log).isEmpty();
            assertThat(c.log).isEmpty();
            subscription.dispose();
            clock.advanceTimeBy(Duration.ofSeconds(10));
        }
    }

    @Test
    void theLongerIntervalOfBothFamiliesIsObeyed() {
        FakeTracker both = living("a");
        both.six = request -> Mono.just(FakeTracker.answer(600)).delayElement(Duration.ofMillis(200), clock);
        start(false, IN_ORDER, List.of(List.of(both)));
        clock.advanceTimeBy(Duration.ofSeconds(1_800));
        assertThat(both.log).containsExactly("0 started left 16384", "1800 none left 16384");
        both.six = request -> Mono.just(FakeTracker.answer(3_600)).delayElement(Duration.ofMillis(200), clock);
        clock.advanceTimeBy(Duration.ofSeconds(1_800 + 3_599));
        assertThat(both.log).hasSize(3);
        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(both.log).hasSize(4);
    }

    @Test
    void theOrderOfATierIsRandom() {
        Set<String> firsts = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            answers.clear();
            start(
                            false,
                            new Random(seed),
                            List.of(List.of(living("a"), living("b"), living("c")), List.of(living("d"))))
                    .dispose();
            firsts.add(answers.get(0).split(" ")[1]);
        }
        assertThat(firsts).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void theUsedTrackerIsReplacedWhenItFails() {
        FakeTracker a = living("a");
        start(false, IN_ORDER, List.of(List.of(a, living("b"))));
        a.script = request -> Mono.error(new TrackerException(Reason.CONNECTION, "gone"));
        clock.advanceTimeBy(Duration.ofSeconds(4_000));
        assertThat(answers).containsExactly("0 a", "1800000 b", "3600000 b");
    }

    @Test
    void allFailuresAreTriedAgainAfterTheShortestTime() {
        FakeTracker a = FakeTracker.failing("a", clock, Reason.REFUSED);
        FakeTracker b = failing("b");
        start(false, IN_ORDER, List.of(List.of(a, b)));
        clock.advanceTimeBy(Duration.ofSeconds(62));
        assertThat(a.log).hasSize(2);
        assertThat(b.log.stream().map(line -> line.split(" ")[0])).containsExactly("0", "5", "15", "35");
    }

    @Test
    void itEndsWhenNoTrackerMayBeAskedAgain() {
        start(
                false,
                IN_ORDER,
                List.of(
                        List.of(FakeTracker.failing("a", clock, Reason.UNSUPPORTED)),
                        List.of(FakeTracker.failing("b", clock, Reason.UNSUPPORTED))));
        assertThat(ended).isTrue();
    }
}
