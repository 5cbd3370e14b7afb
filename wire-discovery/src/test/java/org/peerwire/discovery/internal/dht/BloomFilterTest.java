/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The filter of BEP 33, with the test vector of its text. */
class BloomFilterTest {
    private static final String VECTOR = "f6c3f5eaa07ffd91bde89f777f26fb2bff37bdb8fb2bbaa2fd3ddde7bacfff75"
            + "ee7ccbaefe5eedb1fbfaff67f6abff5e43ddbca3fd9b9ffdf4ffd3e9dff12d1b"
            + "df59db53dbe9fa5b7ff3b8fdfcde1afb8bedd7be2f3ee71ebbbfe93bcdeefe14"
            + "8246c2bc5dbff7e7efdcf24fd8dc7adffd8fffdfddfff7a4bbeedf5cb95ce81f"
            + "c7fcff1ff4ffffdfe5f7fdcbb7fd79b3fa1fc77bfe07fff905b7b7ffc7fefeff"
            + "e0b8370bb0cd3f5b7f2bd93feb4386cfdd6f7fd5bfaf2e9ebffffeecd67adbf7"
            + "c67f17efd5d75eba6ffeba7fff47a91eb1bfbb53e8abfb5762abe8ff237279bf"
            + "efbfeef5ffc5febfdfe5adffadfee1fb737ffffbfd9f6aeffeee76b6fd8f72ef";

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static BloomFilter four() {
        BloomFilter filter = new BloomFilter();
        for (int i = 0; i < 256; i++) {
            filter.add(ip("192.0.2." + i));
        }
        return filter;
    }

    @Test
    void theVectorOfBep33IsReached() {
        BloomFilter filter = four();
        BloomFilter six = new BloomFilter();
        for (int i = 0; i < 1_000; i++) {
            six.add(ip("2001:db8::" + Integer.toHexString(i)));
        }
        filter.addAll(six);

        assertThat(HexFormat.of().formatHex(filter.bytes())).isEqualTo(VECTOR);
        assertThat(filter.estimate()).isCloseTo(1_224.9308, within(0.0001));
        assertThat(BloomFilter.of(filter.bytes()).bytes()).isEqualTo(filter.bytes());
    }

    @Test
    void theEstimateOfAnEmptyAndOfAFullFilterIsFinite() {
        assertThat(new BloomFilter().estimate()).isZero();
        assertThat(four().estimate()).isCloseTo(257.854, within(0.001));
        byte[] full = new byte[BloomFilter.LENGTH];
        Arrays.fill(full, (byte) -1);
        assertThat(BloomFilter.of(full).estimate()).isBetween(7_000.0, 8_000.0);
    }
}
