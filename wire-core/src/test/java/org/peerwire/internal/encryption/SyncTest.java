/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncTest {

    /** Returns the end of the pattern in the stream, or -1. */
    private static int end(String pattern, String stream) {
        Sync sync = new Sync(pattern.getBytes(US_ASCII));
        for (int i = 0; i < stream.length(); i++) {
            if (sync.next((byte) stream.charAt(i))) {
                return i + 1;
            }
        }
        return -1;
    }

    // case 111
    @ParameterizedTest
    @CsvSource({
        "lol!, lol!, 4",
        "lol!, lololol!, 8",
        "hello, helloooo!, 5",
        "hello, hehehello, 9",
        "sup, sus supper, 7",
        "aab, aaaaab, 6",
        "aabaaab, aabaabaaab, 10",
        "ababac, abababac, 8",
        "abcabd, abcabcabd, 9",
        "aaaa, aaabaaa, -1",
        "a, b, -1"
    })
    void a61_marksThatRepeatTheirBeginningAreFound(String pattern, String stream, int end) {
        assertThat(end(pattern, stream)).isEqualTo(end);
    }

    @Test
    void a61_findsWhatAPlainSearchFinds() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            String stream = letters(random, 40);
            String pattern = letters(random, 1 + random.nextInt(6));
            int start = stream.indexOf(pattern);

            assertThat(end(pattern, stream)).isEqualTo(start < 0 ? -1 : start + pattern.length());
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append((char) ('a' + random.nextInt(2)));
        }
        return letters.toString();
    }
}
