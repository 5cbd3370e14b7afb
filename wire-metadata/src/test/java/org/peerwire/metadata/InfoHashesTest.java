/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;

class InfoHashesTest {
    private static final byte[] INFO = "abc".getBytes(US_ASCII);
    private static final byte[] OTHER = "abd".getBytes(US_ASCII);
    private static final InfoHash V1 = InfoHash.parse("a9993e364706816aba3e25717850c26c9cd0d89d");
    private static final InfoHashV2 V2 =
            InfoHashV2.parse("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    private static final InfoHash ZERO = InfoHash.of(new byte[20]);

    @Test
    void a59_version1MatchesBySha1() {
        assertThat(InfoHashes.of(V1).matches(INFO)).isTrue();
        assertThat(InfoHashes.of(V1).matches(OTHER)).isFalse();
        assertThat(InfoHashes.of(V2.truncated()).matches(INFO)).isFalse();
    }

    @Test
    void a59_version2MatchesByAllBytesOfSha256() {
        byte[] sameFront = V2.bytes();
        sameFront[31] ^= 1;
        assertThat(InfoHashes.of(V2).matches(INFO)).isTrue();
        assertThat(InfoHashes.of(InfoHashV2.of(sameFront)).matches(INFO)).isFalse();
    }

    @Test
    void a59_hybridMustMatchBoth() {
        assertThat(InfoHashes.hybrid(V1, V2).matches(INFO)).isTrue();
        assertThat(InfoHashes.hybrid(ZERO, V2).matches(INFO)).isFalse();
        assertThat(InfoHashes.hybrid(V1, InfoHashV2.of(new byte[32])).matches(INFO))
                .isFalse();
    }

    @Test
    void a59_twentyBytesOfAHandshakeMatchEitherWay() {
        assertThat(InfoHashes.ofHandshake(V1).matches(INFO)).isTrue();
        assertThat(InfoHashes.ofHandshake(V2.truncated()).matches(INFO)).isTrue();
        assertThat(InfoHashes.ofHandshake(ZERO).matches(INFO)).isFalse();
        assertThat(InfoHashes.ofHandshake(V1).isComplete()).isFalse();
    }

    @Test
    void wireIsVersion1IfThereIsOne() {
        assertThat(InfoHashes.hybrid(V1, V2).wire()).isEqualTo(V1);
        assertThat(InfoHashes.of(V2).wire()).isEqualTo(V2.truncated());
        assertThat(InfoHashes.hybrid(V1, V2).contains(V2.truncated())).isTrue();
        assertThat(InfoHashes.of(V1).contains(V2.truncated())).isFalse();
    }

    @Test
    void version2HashHas32Bytes() {
        assertThatThrownBy(() -> InfoHashV2.of(new byte[20])).hasMessage("bytes.length must be 32, was 20");
        assertThatThrownBy(() -> InfoHashV2.parse("zz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hex must be 64 hexadecimal digits, was zz");
        assertThat(V2).hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void differentKindsAreNotEqual() {
        assertThat(InfoHashes.ofHandshake(V1)).isNotEqualTo(InfoHashes.of(V1)).hasToString(V1.toString());
        assertThat(InfoHashes.hybrid(V1, V2))
                .isEqualTo(InfoHashes.hybrid(V1, V2))
                .isNotEqualTo(InfoHashes.of(V1))
                .hasSameHashCodeAs(InfoHashes.of(V1));
    }

    @Test
    void eachHashOfAHandshakeIsThereOnce() {
        InfoHash one = InfoHash.parse("1".repeat(40));
        InfoHashV2 two = InfoHashV2.parse("2".repeat(64));

        assertThat(InfoHashes.of(one).handshakes()).containsExactly(one);
        assertThat(InfoHashes.of(two).handshakes()).containsExactly(two.truncated());
        assertThat(InfoHashes.hybrid(one, two).handshakes()).containsExactly(one, two.truncated());
        assertThat(InfoHashes.ofHandshake(one).handshakes()).containsExactly(one);
    }
}
