/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSelectionTest {

    @ParameterizedTest
    @CsvSource({
        "'0,2,4,6-8', '0,2,4,6-8'",
        "'0,2-4,3-5', '0,2-5'",
        "'5,4,3', '3-5'",
        "'1,1,1', '1'",
        "'0-9,2-3', '0-9'",
        "'7-4', ''",
        "'100000000', ''",
        "'99999999', '99999999'",
        "'2147483648', ''",
        "'0-4294967295', ''",
        "'-4', ''",
        "'3-', ''",
        "'a', ''",
        "'', ''",
        "'-', ''",
        "',,1', '1'",
        "'\"1,2\"', ''",
        "'\"1\",2', '2'",
        "'0,x,2,9-3,4', '0,2,4'",
        "'1-2-3,5', '5'",
        "'+1,5', '5'",
        "'0-99999999', '0-99999999'",
    })
    void a75_skipsBadPartsAndKeepsGoodOnes(String text, String kept) {
        assertThat(FileSelection.parse(text)).hasToString(kept);
        assertThat(FileSelection.parse(text).isAll()).isEqualTo(kept.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'0,2,3,4', 6, '0,2-4'", "'0,1,3,4,5', 6, '0-1,3-5'", "'0,1,2', 3, ''", "'2', 3, '2'"})
    void compressesASetAndOmitsItWhenEverythingIsSelected(String indices, int fileCount, String text) {
        BitSet selected = new BitSet();
        for (String index : indices.split(",", -1)) {
            selected.set(Integer.parseInt(index));
        }
        assertThat(FileSelection.of(selected, fileCount)).hasToString(text);
    }

    @Test
    void refusesNothingAndTooMuch() {
        BitSet selected = new BitSet();
        assertThatThrownBy(() -> FileSelection.of(selected, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("selected must be one or more bits below 3, was {}");
        selected.set(3);
        assertThatThrownBy(() -> FileSelection.of(selected, 3))
                .hasMessage("selected must be one or more bits below 3, was {3}");
        assertThatThrownBy(() -> new FileSelection.Range(2, 1)).hasMessage("last must be 2 or more, was 1");
        assertThatThrownBy(() -> new FileSelection.Range(-1, 1)).hasMessage("first must be 0 or more, was -1");
    }

    @Test
    void containsWhatItSelects() {
        FileSelection selection = FileSelection.parse("0,2-4,9,20-30,99999999");
        assertThat(IntStream.range(0, 100).filter(selection::contains))
                .containsExactly(0, 2, 3, 4, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
        assertThat(selection.contains(99_999_999)).isTrue();
        assertThat(FileSelection.ALL.contains(Integer.MAX_VALUE)).isTrue();
    }
}
