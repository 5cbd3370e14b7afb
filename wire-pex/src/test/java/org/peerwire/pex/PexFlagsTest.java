/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Case 84. */
class PexFlagsTest {

    @Test
    void noneHasNoFlag() {
        PexFlags none = PexFlags.NONE;
        assertThat(none.bits()).isZero();
        assertThat(none.prefersEncryption() || none.seed() || none.utp() || none.holepunch() || none.reachable())
                .isFalse();
    }

    @Test
    void eachNameIsOneBit() {
        assertThat(PexFlags.NONE.withPrefersEncryption()).isEqualTo(new PexFlags(0x01));
        assertThat(PexFlags.NONE.withSeed()).isEqualTo(new PexFlags(0x02));
        assertThat(PexFlags.NONE.withUtp()).isEqualTo(new PexFlags(0x04));
        assertThat(PexFlags.NONE.withHolepunch()).isEqualTo(new PexFlags(0x08));
        assertThat(PexFlags.NONE.withReachable()).isEqualTo(new PexFlags(0x10));
    }

    @Test
    void viewsReadTheBits() {
        PexFlags flags = new PexFlags(0x06);
        assertThat(flags.seed()).isTrue();
        assertThat(flags.utp()).isTrue();
        assertThat(flags.prefersEncryption()).isFalse();
        assertThat(flags.holepunch()).isFalse();
        assertThat(flags.reachable()).isFalse();
    }

    @Test
    void unknownBitsAreKept() {
        assertThat(new PexFlags(0xe0).withSeed().bits()).isEqualTo(0xe2);
    }

    @Test
    void printsDigitsAndNames() {
        assertThat(new PexFlags(0x12)).hasToString("12[seed, reachable]");
        assertThat(PexFlags.NONE).hasToString("00[]");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void isOneByte(int bits) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PexFlags(bits));
    }
}
