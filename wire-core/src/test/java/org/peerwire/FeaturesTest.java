/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.message.Feature;

class FeaturesTest {

    // case 69, and the table of BEP 4
    @ParameterizedTest
    @CsvSource({
        "AZUREUS_MESSAGING, 0, 0x80",
        "LOCATION_AWARE, 2, 0x08",
        "EXTENSION_PROTOCOL, 5, 0x10",
        "DHT, 7, 0x01",
        "XBT_PEER_EXCHANGE, 7, 0x02",
        "FAST, 7, 0x04",
        "NAT_TRAVERSAL, 7, 0x08",
        "V2_UPGRADE, 7, 0x10"
    })
    void featureIsTheBitOfItsSpecification(Feature feature, int index, String mask) {
        byte[] reserved = new byte[8];
        reserved[index] = (byte) (int) Integer.decode(mask);

        Features read = new Features(Unpooled.wrappedBuffer(reserved).readLong());

        assertThat(read).isEqualTo(Features.of(feature));
        assertThat(Arrays.stream(Feature.values()).filter(read::has)).containsExactly(feature);
    }

    @Test
    void bitsWithoutANameAreKept() {
        Features all = new Features(-1);

        assertThat(all.without(Feature.FAST).bits()).isEqualTo(0xffff_ffff_ffff_fffbL);
        assertThat(new Features(0x0003_0000_0000_0000L).with(Feature.DHT).bits())
                .isEqualTo(0x0003_0000_0000_0001L);
        assertThat(all.and(new Features(0x42)).bits()).isEqualTo(0x42);
    }

    @Test
    void onlyWhatBothHaveIsInUse() {
        Features ours = Features.of(Feature.FAST, Feature.EXTENSION_PROTOCOL);
        Features theirs = Features.of(Feature.FAST, Feature.DHT);

        assertThat(ours.and(theirs)).isEqualTo(Features.of(Feature.FAST));
        assertThat(ours.and(Features.NONE)).isEqualTo(Features.NONE);
    }

    @Test
    void defaultIsExtensionProtocolAndFast() {
        assertThat(Features.DEFAULT.bits()).isEqualTo(0x0000_0000_0010_0004L);
    }

    // case 4
    @ParameterizedTest
    @CsvSource({
        "0000000000000000",
        "0000000000100005",
        "0000000000100015",
        "ffffffffffffffff",
    })
    void reservedBytesPassThroughAHandshake(String reserved) {
        Features features = new Features(Long.parseUnsignedLong(reserved, 16));
        ByteBuf bytes = Unpooled.buffer();

        new Handshake(features, InfoHash.of(new byte[20]), PeerId.of(new byte[20])).writeTo(bytes);

        assertThat(bytes.getLong(20)).isEqualTo(features.bits());
        assertThat(Handshake.read(bytes).features()).isEqualTo(features);
    }
}
