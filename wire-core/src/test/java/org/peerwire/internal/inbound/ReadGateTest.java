/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReadGateTest {
    private static final int MANY = 2_049;
    private static final int HALF = 1_024;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WireContext context = new WireContext(new ManualLoop(), clock);
    private final List<String> calls = new ArrayList<>();
    private final ReadGate gate = new ReadGate(context, new ReadGate.Reading() {
        @Override
        public void pause() {
            calls.add("pause");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }
    });

    private long activeAfterASecond() {
        long before = context.clock().active();
        clock.advanceTimeBy(Duration.ofSeconds(1));
        return context.clock().active() - before;
    }

    @Test
    void fullSubscriberStopsReadingAndTheActiveTime() {
        gate.pauseReading();

        assertThat(calls).containsExactly("pause");
        assertThat(activeAfterASecond()).isZero();

        gate.resumeReading();
        assertThat(calls).containsExactly("pause", "resume");
        assertThat(activeAfterASecond()).isEqualTo(1_000);
    }

    @Test
    void openGateIsNotResumed() {
        gate.resumeReading();
        gate.answersWaiting(0);

        assertThat(calls).isEmpty();
    }

    @Test
    void tooManyAnswersStopReadingButNotTheActiveTime() {
        gate.answersWaiting(MANY - 1);
        assertThat(calls).isEmpty();

        gate.answersWaiting(MANY);

        assertThat(calls).containsExactly("pause");
        assertThat(activeAfterASecond()).isEqualTo(1_000);
    }

    @Test
    void readingResumesWhenHalfOfTheAnswersAreWritten() {
        gate.answersWaiting(MANY);
        gate.answersWaiting(MANY + 1);
        gate.answersWaiting(HALF + 1);
        assertThat(calls).containsExactly("pause");

        gate.answersWaiting(HALF);

        assertThat(calls).containsExactly("pause", "resume");
        gate.answersWaiting(0);
        assertThat(calls).containsExactly("pause", "resume");
    }

    @Test
    void readingResumesOnlyWhenBothReasonsAreGone() {
        gate.pauseReading();
        gate.answersWaiting(MANY);
        gate.resumeReading();
        assertThat(calls).doesNotContain("resume");
        gate.answersWaiting(0);
        assertThat(calls).containsOnlyOnce("resume");

        calls.clear();
        gate.answersWaiting(MANY);
        gate.pauseReading();
        gate.answersWaiting(0);
        assertThat(calls).doesNotContain("resume");
        gate.resumeReading();
        assertThat(calls).containsOnlyOnce("resume");
    }

    @Test
    void nothingResumesAfterTheEnd() {
        gate.pauseReading();
        gate.answersWaiting(MANY);
        context.end(null);

        gate.resumeReading();
        gate.answersWaiting(0);

        assertThat(calls).doesNotContain("resume");
    }

    @Test
    void readerThatPausesAgainDuringAResumeStaysPaused() {
        List<String> events = new ArrayList<>();
        ReadGate[] nested = new ReadGate[1];
        nested[0] = new ReadGate(context, new ReadGate.Reading() {
            @Override
            public void pause() {
                events.add("pause");
            }

            @Override
            public void resume() {
                events.add("resume");
                if (events.size() < 3) {
                    nested[0].pauseReading(); // the next message has filled the queue again
                }
            }
        });
        nested[0].pauseReading();

        nested[0].resumeReading();

        assertThat(events).containsExactly("pause", "resume", "pause");
        assertThat(context.clock().isPaused()).isTrue();
        nested[0].resumeReading();
        assertThat(events).endsWith("resume");
    }
}
