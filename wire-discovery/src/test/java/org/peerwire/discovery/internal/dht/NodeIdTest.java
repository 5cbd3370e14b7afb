/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids: their distance (BEP 5), and their tie to an address (BEP 42). */
class NodeIdTest {
    private final Random random = new Random(1);

    private static BigInteger number(NodeId id) {
        return new BigInteger(1, id.bytes());
    }

    @Test
    void theDistanceIsTheExclusiveOrAsAnUnsignedNumber() {
        for (int i = 0; i < 1_000; i++) {
            NodeId target = NodeId.random(random);
            NodeId one = target.randomNeighbour(random.nextInt(NodeId.BITS), random);
            NodeId two = target.randomNeighbour(random.nextInt(NodeId.BITS), random);
            int expected =
                    number(target).xor(number(one)).compareTo(number(target).xor(number(two)));

            assertThat(Integer.signum(target.compareDistance(one, two))).isEqualTo(expected);
        }
    }

    @Test
    void aNeighbourSharesExactlyItsBits() {
        for (int bits = 0; bits < NodeId.BITS; bits++) {
            NodeId id = NodeId.random(random);
            NodeId neighbour = id.randomNeighbour(bits, random);
            assertThat(id.commonPrefix(neighbour)).isEqualTo(bits);
            assertThat(number(id).xor(number(neighbour)).bitLength()).isEqualTo(NodeId.BITS - bits);
        }
        NodeId id = NodeId.random(random);
        assertThat(id.commonPrefix(id)).isEqualTo(NodeId.BITS);
        assertThat(NodeId.of(id.bytes()))
                .isEqualTo(id)
                .hasToString(HexFormat.of().formatHex(id.bytes()));
    }

    /** The table of BEP 42. */
    @ParameterizedTest
    @CsvSource({
        "124.31.75.21, 5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401",
        "21.75.31.124, 5a3ce9c14e7a08645677bbd1cfe7d8f956d53256",
        "65.23.51.170, a5d43220bc8f112a3d426c84764f8c2a1150e616",
        "84.124.73.14, 1b0321dd1bb1fe518101ceef99462b947a01ff41",
        "43.213.53.83, e56f6cbf5b7c4be0237986d5243b87aa6d51305a"
    })
    void theIdsOfBep42AreValidForTheirAddressAlone(String ip, String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        InetAddress address = InetAddress.getByName(ip);
        assertThat(SecureIds.isValid(NodeId.of(bytes), address)).isTrue();
        assertThat(SecureIds.isValid(NodeId.of(bytes), InetAddress.getByName("8.8.8.8")))
                .isFalse();

        byte[] other = bytes.clone();
        other[2] ^= 0x08; // bit 20, the last one of the checksum
        assertThat(SecureIds.isValid(NodeId.of(other), address)).isFalse();
        other = Arrays.copyOf(bytes, bytes.length);
        other[2] ^= 0x07;
        assertThat(SecureIds.isValid(NodeId.of(other), address)).isTrue();
    }

    @Test
    void aCreatedIdIsValidForItsAddress() throws Exception {
        for (String ip : new String[] {"8.8.4.4", "2001:4860:4860::8888"}) {
            InetAddress address = InetAddress.getByName(ip);
            for (int i = 0; i < 100; i++) {
                assertThat(SecureIds.isValid(SecureIds.create(address, random), address))
                        .isTrue();
            }
            assertThat(SecureIds.isValid(NodeId.random(random), address)).isFalse();
        }
        assertThat(SecureIds.isValid(NodeId.random(random), InetAddress.getByName("10.1.2.3")))
                .isTrue();
    }
}
