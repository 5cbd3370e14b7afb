/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.ConnectionException;
import org.peerwire.Wire;
import org.peerwire.WireException;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class WireContextTest {
    private static final WireException FIRST =
            new ConnectionException(ConnectionException.Reason.IDLE, "nothing was received");
    private static final WireException SECOND =
            new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed");

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final ManualLoop loop = new ManualLoop();
    private final WireContext context = new WireContext(loop, scheduler);
    private final AtomicInteger runs = new AtomicInteger();

    private static Wire wire() {
        return (Wire) Proxy.newProxyInstance(
                Wire.class.getClassLoader(), new Class<?>[] {Wire.class}, (self, method, arguments) -> null);
    }

    private void advance(long millis) {
        scheduler.advanceTimeBy(Duration.ofMillis(millis));
    }

    // ---- life ----

    @Test
    void lifeMovesForwardOnly() {
        assertThat(context.enter(Life.ADMITTING)).isTrue();
        assertThat(context.enter(Life.CLOSING)).isTrue();

        assertThat(context.enter(Life.OPENING)).isFalse();
        assertThat(context.enter(Life.OPEN)).isFalse();
        assertThat(context.enter(Life.CLOSING)).isFalse();
        assertThat(context.isClosing()).isTrue();
        assertThat(context.isEnded()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Life.class)
    void noStateFollowsTheEnd(Life next) {
        context.end(null);

        assertThat(context.enter(next)).isFalse();
        assertThat(context.isEnded()).isTrue();
        assertThat(context.isClosing()).isFalse();
    }

    @Test
    void wireIsThereOnceTheLifeIsOpen() {
        Wire wire = wire();

        assertThatThrownBy(context::wire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("OPENING");
        context.open(wire);

        assertThat(context.wire()).isSameAs(wire);
        assertThat(context.enter(Life.OPEN)).isFalse();
    }

    @Test
    void openingAfterTheEndDoesNotReviveTheLife() {
        context.end(FIRST);

        context.open(wire());

        assertThat(context.isEnded()).isTrue();
        assertThat(context.closedException()).hasCause(FIRST);
    }

    // ---- the end ----

    @Test
    void closerIsCalledOnceWithTheFirstCause() {
        List<WireException> causes = new ArrayList<>();
        context.closeWith(causes::add);

        context.end(FIRST);
        context.end(SECOND);
        context.end(null);

        assertThat(causes).containsExactly(FIRST);
        assertThat(context.closedException()).hasCause(FIRST);
    }

    @Test
    void closerThatEndsTheConnectionAgainIsNotCalledAgain() {
        context.closeWith(cause -> {
            runs.incrementAndGet();
            context.end(SECOND);
        });

        context.end(FIRST);

        assertThat(runs).hasValue(1);
        assertThat(context.closedException()).hasCause(FIRST);
    }

    @Test
    void closerFindsTheConnectionEnded() {
        context.closeWith(cause -> {
            assertThat(context.isEnded()).isTrue();
            assertThat(context.closedException()).hasCause(cause);
            runs.incrementAndGet();
        });

        context.end(FIRST);

        assertThat(runs).hasValue(1);
    }

    @Test
    void laterCloserReplacesTheEarlierOne() {
        List<String> called = new ArrayList<>();
        context.closeWith(cause -> called.add("opening"));
        context.closeWith(cause -> called.add("engine"));

        context.end(null);

        assertThat(called).containsExactly("engine");
    }

    @Test
    void closerAfterTheEndIsCalledAtOnceWithTheCause() {
        List<WireException> causes = new ArrayList<>();
        context.end(FIRST);

        context.closeWith(causes::add);
        context.end(SECOND);

        assertThat(causes).containsExactly(FIRST);
    }

    @Test
    void orderlyEndHasNoCause() {
        List<WireException> causes = new ArrayList<>();
        context.closeWith(causes::add);

        context.end(null);

        assertThat(causes).containsExactly((WireException) null);
        assertThat(context.closedException()).hasNoCause().hasMessage("the wire has ended");
        assertThat(context.closedException().reason()).isEqualTo(ConnectionException.Reason.CLOSED);
    }

    @Test
    void closedExceptionTellsTheCause() {
        context.end(FIRST);

        assertThat(context.closedException()).hasMessage("the wire has ended: nothing was received");
    }

    // ---- time ----

    @Test
    void timerRunsOnceAfterItsDelay() {
        context.after(100, runs::incrementAndGet);

        advance(99);
        assertThat(runs).hasValue(0);
        advance(1_000);
        assertThat(runs).hasValue(1);
    }

    @Test
    void periodicTimerRunsUntilItIsDisposed() {
        Disposable timer = context.every(100, runs::incrementAndGet);

        advance(350);
        timer.dispose();
        advance(1_000);

        assertThat(runs).hasValue(3);
    }

    @Test
    void noTimerRunsAfterTheEnd() {
        context.after(100, runs::incrementAndGet);
        context.every(100, runs::incrementAndGet);

        context.end(null);
        advance(1_000);

        assertThat(runs).hasValue(0);
    }

    @Test
    void noTimerStartsAfterTheEnd() {
        context.end(null);

        assertThat(context.after(100, runs::incrementAndGet).isDisposed()).isTrue();
        assertThat(context.every(100, runs::incrementAndGet).isDisposed()).isTrue();

        assertThat(scheduler.getScheduledTaskCount()).isZero();
    }

    @Test
    void endBeforeTheLoopTakesADueTimerStopsIt() {
        context.after(100, runs::incrementAndGet);

        loop.elsewhere(() -> advance(100)); // due, handed to the loop
        context.end(null);
        loop.runTasks();

        assertThat(runs).hasValue(0);
    }

    @Test
    void dueTimerRunsOnTheLoop() {
        context.after(100, runs::incrementAndGet);

        loop.elsewhere(() -> advance(100));
        assertThat(runs).hasValue(0);
        loop.runTasks();

        assertThat(runs).hasValue(1);
    }

    // ---- the loop ----

    @Test
    void taskOnTheLoopRunsAtOnce() {
        context.run(runs::incrementAndGet);

        assertThat(runs).hasValue(1);
    }

    @Test
    void taskOfAnotherThreadWaitsForTheLoop() {
        loop.elsewhere(() -> context.run(runs::incrementAndGet));
        assertThat(runs).hasValue(0);

        loop.runTasks();
        assertThat(runs).hasValue(1);
    }

    @Test
    void taskRunsOnTheCallingThreadWhenTheLoopHasShutDown() {
        loop.stop();

        loop.elsewhere(() -> context.run(runs::incrementAndGet));

        assertThat(runs).hasValue(1);
    }
}
