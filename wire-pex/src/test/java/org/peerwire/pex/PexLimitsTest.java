/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PexLimitsTest {

    @Test
    void defaultsAreThePromisedOnes() {
        PexLimits limits = PexLimits.defaults();
        assertThat(limits.receiveInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(limits.receiveBurst()).isEqualTo(4);
        assertThat(limits.tolerated()).isEqualTo(6);
        assertThat(limits.firstUsed()).isEqualTo(200);
        assertThat(limits.laterUsed()).isEqualTo(100);
        assertThat(limits.maxMessageLength()).isEqualTo(65_536);
        assertThat(limits.maxPerAddress()).isEqualTo(1);
        assertThat(limits.maxPerNetwork()).isEqualTo(4);
        assertThat(limits.maxUnproven()).isEqualTo(50);
        assertThat(limits.remembered()).isEqualTo(400);
        assertThat(limits.maxKnown()).isEqualTo(2000);
    }

    @Test
    void mutateKeepsTheRestAndTheOriginal() {
        PexLimits.Builder builder = PexLimits.builder().receiveBurst(2);
        PexLimits first = builder.build();
        builder.receiveBurst(3);
        PexLimits second = first.mutate().tolerated(9).build();
        assertThat(first.receiveBurst()).isEqualTo(2);
        assertThat(first.tolerated()).isEqualTo(6);
        assertThat(second.receiveBurst()).isEqualTo(2);
        assertThat(second.tolerated()).isEqualTo(9);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PexLimits.builder().remembered(0))
                .withMessage("remembered must be 1 to 65536, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PexLimits.builder().receiveInterval(Duration.ZERO))
                .withMessage("receiveInterval must be 1 ms to 365 days, was PT0S");
        List<UnaryOperator<PexLimits.Builder>> wrong = List.of(
                limits -> limits.receiveBurst(0),
                limits -> limits.tolerated(0),
                limits -> limits.firstUsed(-1),
                limits -> limits.laterUsed(10_001),
                limits -> limits.maxMessageLength(1_048_577),
                limits -> limits.maxPerAddress(0),
                limits -> limits.maxPerNetwork(0),
                limits -> limits.maxUnproven(-1),
                limits -> limits.maxKnown(0));
        for (UnaryOperator<PexLimits.Builder> change : wrong) {
            assertThatIllegalArgumentException().isThrownBy(() -> change.apply(PexLimits.builder()));
        }
    }
}
