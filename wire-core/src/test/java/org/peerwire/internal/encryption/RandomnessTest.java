/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomnessTest {
    private final Randomness random = Randomness.secure();

    @Test
    void secretsHave160BitsAndAreNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            byte[] secret = random.secret();
            assertThat(secret).hasSize(20);
            seen.add(new String(secret, ISO_8859_1));
        }
        assertThat(seen).hasSize(100);
    }

    // at most the length that every client accepts
    @Test
    void a61_ourPadsHaveAnyLengthBelow512() {
        Set<Integer> lengths = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            lengths.add(random.pad().length);
        }
        assertThat(lengths).hasSizeGreaterThan(450).allSatisfy(length -> assertThat(length)
                .isBetween(0, 511));
    }
}
