/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class PexOptionsTest {

    @Test
    void defaultsAreThoseOfTheProtocol() {
        PexOptions options = PexOptions.defaults();
        assertThat(options.interval()).isGreaterThan(Duration.ofSeconds(60));
        assertThat(options.maxAdded()).isEqualTo(50);
        assertThat(options.maxDropped()).isEqualTo(50);
        assertThat(options.dialRate()).isEqualTo(10);
        assertThat(options.limits()).isSameAs(PexLimits.defaults());
        assertThat(options.scheduler()).isSameAs(Schedulers.parallel());
        assertThat(options.policy()).isSameAs(PexPolicy.standard());
        assertThat(options.telling()).isTrue();
    }

    @Test
    void mutateKeepsTheRestAndTheOriginal() {
        PexOptions first = PexOptions.builder().maxAdded(10).build();
        PexOptions second = first.mutate().maxDropped(20).telling(false).build();
        assertThat(second.maxAdded()).isEqualTo(10);
        assertThat(second.maxDropped()).isEqualTo(20);
        assertThat(second.telling()).isFalse();
        assertThat(first.maxDropped()).isEqualTo(50);
    }

    @Test
    void limitsAreChangedFromTheirLastValues() {
        PexOptions first = PexOptions.builder()
                .limits(limits -> limits.remembered(7))
                .limits(limits -> limits.maxKnown(9))
                .build();
        assertThat(first.limits().remembered()).isEqualTo(7);
        assertThat(first.limits().maxKnown()).isEqualTo(9);
        assertThat(first.mutate().build().limits()).isSameAs(first.limits());
        assertThat(PexOptions.defaults().limits().remembered()).isEqualTo(400);
    }

    @Test
    void aBuilderUsedAgainDoesNotChangeBuiltOptions() {
        PexOptions.Builder builder = PexOptions.builder();
        PexOptions built = builder.build();
        builder.maxAdded(1);
        assertThat(built.maxAdded()).isEqualTo(50);
    }

    @Test
    void theDefaultSchedulerIsLookedUpAtEachCall() {
        PexOptions options = PexOptions.builder().build();
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        assertThat(options.mutate().scheduler(time).build().scheduler()).isSameAs(time);
        VirtualTimeScheduler.getOrSet();
        try {
            assertThat(options.scheduler()).isSameAs(Schedulers.parallel());
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void refusesADurationThatOverflowsInMilliseconds() {
        PexOptions.Builder builder = PexOptions.builder();
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.interval(endless));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.gatherTime(endless));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.limits(limits -> limits.receiveInterval(endless)));
    }

    @Test
    void refusesValuesForWhichPeersDisconnect() {
        PexOptions.Builder builder = PexOptions.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.interval(Duration.ofSeconds(59)))
                .withMessage("interval must be 60000 ms to 365 days, was PT59S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxAdded(51))
                .withMessage("maxAdded must be 1 to 50, was 51");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxDropped(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.firstAdded(201));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.holdBelow(26));
    }
}
