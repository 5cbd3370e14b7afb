/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AllowedFastSetTest {
    private static final InfoHash AA = InfoHash.parse("aa".repeat(20));
    private static final InfoHash COUNTING = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("80.4.4.200", AA, 1313, 7, List.of(1059, 431, 808, 1217, 287, 376, 1188)),
                Arguments.of("80.4.4.200", AA, 1313, 9, List.of(1059, 431, 808, 1217, 287, 376, 1188, 353, 508)),
                Arguments.of("80.4.4.200", AA, 1313, 10, List.of(1059, 431, 808, 1217, 287, 376, 1188, 353, 508, 1246)),
                Arguments.of("80.4.4.1", AA, 1313, 10, List.of(1059, 431, 808, 1217, 287, 376, 1188, 353, 508, 1246)),
                Arguments.of("80.4.4.200", AA, 5, 10, List.of(2, 3, 0, 1, 4)),
                Arguments.of("80.4.4.200", AA, 1, 10, List.of(0)),
                Arguments.of("255.255.255.255", COUNTING, 20, 10, List.of(0, 19, 9, 6, 14, 18, 12, 15, 1, 13)),
                Arguments.of(
                        "1.2.3.4",
                        COUNTING,
                        Integer.MAX_VALUE,
                        10,
                        List.of(
                                264269982,
                                1458377985,
                                198199641,
                                71726782,
                                997411621,
                                862894061,
                                1405614533,
                                194582709,
                                923407853,
                                2094101696)));
    }

    // case 58
    @ParameterizedTest
    @MethodSource("vectors")
    void setIsThatOfTheVectors(String address, InfoHash hash, int pieces, int size, List<Integer> expected) {
        assertThat(AllowedFastSet.of(address(address), hash, pieces, size)).isEqualTo(expected);
    }

    // case 58
    @Test
    void setIsTheSameWithinASlash24AndOnlyThere() {
        List<Integer> set = AllowedFastSet.of(address("80.4.4.200"), AA, 1313, 10);

        assertThat(AllowedFastSet.of(address("80.4.4.200"), AA, 1313, 10)).isEqualTo(set);
        assertThat(AllowedFastSet.of(address("80.4.4.0"), AA, 1313, 10)).isEqualTo(set);
        assertThat(AllowedFastSet.of(address("80.4.5.200"), AA, 1313, 10)).isNotEqualTo(set);
        assertThat(AllowedFastSet.of(address("80.4.4.200"), COUNTING, 1313, 10)).isNotEqualTo(set);
    }

    // case 58, A-31
    @Test
    void versionSixHasNoSet() {
        assertThat(AllowedFastSet.of(address("2001:db8::1"), AA, 1313, 10)).isEmpty();
    }

    // case 58
    @Test
    void edgesEnd() {
        InetAddress peer = address("80.4.4.200");

        assertThat(AllowedFastSet.of(peer, AA, 0, 10)).isEmpty();
        assertThat(AllowedFastSet.of(peer, AA, 10, 0)).isEmpty();
        assertThat(AllowedFastSet.of(peer, AA, 10, 10)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(AllowedFastSet.of(peer, AA, 100, Integer.MAX_VALUE))
                .hasSize(100)
                .doesNotHaveDuplicates();
        assertThatCode(() -> AllowedFastSet.of(peer, AA, 1313, -1)).doesNotThrowAnyException();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
