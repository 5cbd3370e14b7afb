/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.WireLimits;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import reactor.test.scheduler.VirtualTimeScheduler;

class AnomaliesTest {
    private static final int ID = 3;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WireContext context = new WireContext(new ManualLoop(), clock);

    private Anomalies tolerating(Ignored kind, Tolerance tolerance) {
        return new Anomalies(
                context, WireLimits.builder().tolerance(kind, tolerance).build());
    }

    private void advance(long millis) {
        clock.advanceTimeBy(Duration.ofMillis(millis));
    }

    private static void ignore(Anomalies anomalies, Ignored kind, int times) {
        for (int i = 0; i < times; i++) {
            anomalies.ignore(kind, ID);
        }
    }

    private static ProtocolException violation(Anomalies anomalies, Ignored kind) {
        return catchThrowableOfType(ProtocolException.class, () -> anomalies.ignore(kind, ID));
    }

    @ParameterizedTest
    @EnumSource(Ignored.class)
    void firstAnomalyIsAViolationWhereNoneIsTolerated(Ignored kind) {
        ProtocolException violation = violation(tolerating(kind, Tolerance.NONE), kind);

        assertThat(violation).isNotNull();
        assertThat(violation.reason()).isNotEqualTo(Reason.FLOOD);
        assertThat(violation.messageId()).isEqualTo(ID);
    }

    @ParameterizedTest
    @CsvSource({"SPARE_BITS, BITFIELD", "UNSOLICITED_BLOCK, UNSOLICITED_BLOCK", "UNKNOWN_MESSAGE, UNEXPECTED"})
    void reasonOfAFirstAnomalyNamesItsKind(Ignored kind, Reason reason) {
        assertThat(violation(tolerating(kind, Tolerance.NONE), kind).reason()).isEqualTo(reason);
    }

    @Test
    void oneMoreThanTheToleratedNumberIsAFlood() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(3));
        ignore(anomalies, Ignored.PORT, 3);

        ProtocolException violation = violation(anomalies, Ignored.PORT);

        assertThat(violation.reason()).isEqualTo(Reason.FLOOD);
        assertThat(violation.messageId()).isEqualTo(ID);
    }

    @Test
    void numberWithoutAPeriodHoldsForTheWholeLife() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(3));
        ignore(anomalies, Ignored.PORT, 3);

        advance(Duration.ofDays(30).toMillis());

        assertThat(violation(anomalies, Ignored.PORT)).isNotNull();
    }

    @Test
    void periodBeginsWithItsFirstAnomaly() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(2, Duration.ofSeconds(10)));
        advance(9_000);
        ignore(anomalies, Ignored.PORT, 2);

        advance(9_999);

        assertThat(violation(anomalies, Ignored.PORT)).isNotNull();
    }

    @Test
    void nextPeriodToleratesTheNumberAgain() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(2, Duration.ofSeconds(10)));
        ignore(anomalies, Ignored.PORT, 2);

        advance(10_000);

        assertThatCode(() -> ignore(anomalies, Ignored.PORT, 2)).doesNotThrowAnyException();
        assertThat(violation(anomalies, Ignored.PORT)).isNotNull();
    }

    @Test
    void pauseOfReadingDoesNotShortenThePeriod() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(2, Duration.ofSeconds(10)));
        ignore(anomalies, Ignored.PORT, 2);

        context.clock().pause();
        advance(60_000);
        context.clock().resume();

        assertThat(violation(anomalies, Ignored.PORT)).isNotNull();
    }

    @Test
    void kindsAreCountedApart() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(1));
        ignore(anomalies, Ignored.PORT, 1);

        assertThatCode(() -> ignore(anomalies, Ignored.DONT_HAVE, 5)).doesNotThrowAnyException();
    }

    @Test
    void unlimitedToleranceIsNeverExceeded() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.UNLIMITED);

        assertThatCode(() -> ignore(anomalies, Ignored.PORT, 100_000)).doesNotThrowAnyException();
    }

    @Test
    void statisticsCountEveryAnomalyAlsoTheLast() {
        Anomalies anomalies = tolerating(Ignored.PORT, Tolerance.of(2));
        ignore(anomalies, Ignored.PORT, 2);
        violation(anomalies, Ignored.PORT);

        assertThat(context.counters().snapshot().ignored()).containsOnlyKeys(Ignored.PORT);
        assertThat(context.counters().snapshot().ignored(Ignored.PORT)).isEqualTo(3);
    }

    @Test
    void descriptionOfTheAnomalyIsInTheMessage() {
        Anomalies anomalies = tolerating(Ignored.SPARE_BITS, Tolerance.NONE);

        ProtocolException violation = catchThrowableOfType(
                ProtocolException.class, () -> anomalies.ignore(Ignored.SPARE_BITS, ID, "a bitfield with spare bits"));

        assertThat(violation).hasMessageContaining("a bitfield with spare bits");
    }
}
