/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.TorrentShape;

class BlockRequestTest {

    // case 16
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, true",
        "2147483647, 2147483647, 2147483647, true",
        "-1, 0, 1, false",
        "0, -1, 1, false",
        "0, 0, -1, false",
        "0, 0, 0, false"
    })
    void plausibleFieldsAreThoseATorrentCanHave(int piece, int offset, int length, boolean plausible) {
        assertThat(new BlockRequest(piece, offset, length).isPlausible()).isEqualTo(plausible);
    }

    // case 36
    @ParameterizedTest
    @CsvSource({
        "2, 3, 5",
        "2, -1, 4294967297",
        "2, -3, 4294967295",
        "-1, -1, 8589934590",
        "2147483647, 2147483647, 4294967294"
    })
    void endNeverWraps(int offset, int length, long end) {
        assertThat(new BlockRequest(0, offset, length).end()).isEqualTo(end);
    }

    // case 36
    @ParameterizedTest
    @CsvSource({
        "0, 0, 16384, true",
        "0, 16384, 16384, true",
        "0, 16385, 16384, false",
        "0, 0, 32769, false",
        "0, 2147483647, 2147483647, false",
        "2, 0, 1, true",
        "2, 0, 2, false",
        "3, 0, 1, false",
        "-1, 0, 1, false",
        "0, 0, 0, false"
    })
    void blockLiesInTheTorrentOnlyIfItsPieceHasAllOfIt(int piece, int offset, int length, boolean inside) {
        TorrentShape shape = TorrentShape.of(2 * 32_768 + 1, 32_768);

        assertThat(shape.contains(new BlockRequest(piece, offset, length))).isEqualTo(inside);
    }

    @Test
    void textShowsUnsignedNumbers() {
        assertThat(new BlockRequest(-1, Integer.MIN_VALUE, 16)).hasToString("block 4294967295:2147483648+16");
    }
}
