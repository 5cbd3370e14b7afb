/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedBitsTest {
    private static final int PAGE = 1 << 17;

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 1000, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE - 5, 1 << 21})
    void theyAreWhatABitSetIs(int capacity) {
        PagedBits bits = new PagedBits(capacity);
        BitSet expected = new BitSet();
        Random random = new Random(capacity);
        for (int i = 0; i < 2_000; i++) {
            int index = i == 0 ? capacity - 1 : random.nextInt(capacity);
            if (i % 3 == 2) {
                bits.clear(index);
                expected.clear(index);
            } else {
                bits.set(index);
                expected.set(index);
            }
        }

        for (int i = 0; i < capacity; i++) {
            assertThat(bits.get(i)).isEqualTo(expected.get(i));
            if (i % 32 == 0) {
                assertThat(bits.word(i / 32)).isEqualTo(word(expected, i));
            }
        }
        assertThat(bits.highest()).isEqualTo(expected.length() - 1);
    }

    private static int word(BitSet bits, int from) {
        int word = 0;
        for (int i = 0; i < 32; i++) {
            word |= (bits.get(from + i) ? 1 : 0) << i;
        }
        return word;
    }

    @Test
    void outsideThereIsNothing() {
        PagedBits bits = new PagedBits(33);
        bits.set(32);

        assertThat(bits.get(-1)).isFalse();
        assertThat(bits.get(33)).isFalse();
        assertThat(bits.get(Integer.MAX_VALUE)).isFalse();
        assertThat(bits.get(Integer.MIN_VALUE)).isFalse();
        assertThat(bits.word(2)).isZero();
        assertThat(bits.word(1 << 20)).isZero();
    }

    @Test
    void ofNothingThereIsNothing() {
        assertThat(new PagedBits(0).highest()).isEqualTo(-1);
        assertThat(new PagedBits(0).get(0)).isFalse();
        assertThat(new PagedBits(PAGE).highest()).isEqualTo(-1);
    }
}
