/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.pex.HolepunchMessage.Type;

/** The messages of BEP 55: case 100 and A-72. */
class HolepunchMessageTest {
    private final List<HolepunchIgnored> ignored = new ArrayList<>();

    @ParameterizedTest(name = "{1} {2} {3}")
    @CsvSource({
        "0000c00002011ae100000000, RENDEZVOUS, 192.0.2.1:6881, 0",
        "0100c6336407c8d500000000, CONNECT, 198.51.100.7:51413, 0",
        "0200c00002011ae100000002, ERROR, 192.0.2.1:6881, 2",
        "000120010db80000000000000000000000011ae100000000, RENDEZVOUS, [2001:db8::1]:6881, 0",
        "010120010db80000000000000000000000011ae100000000, CONNECT, [2001:db8::1]:6881, 0",
        "020120010db80000000000000000000000011ae100000004, ERROR, [2001:db8::1]:6881, 4",
        "0200c00002010000ffffffff, ERROR, 192.0.2.1:0, -1",
    })
    void theLongFormIsDecodedAndEncoded(String hex, Type type, String address, int code) {
        HolepunchMessage message = new HolepunchMessage(type, peer(address), code);
        assertThat(decode(hex)).contains(message);
        assertThat(ByteBufUtil.hexDump(message.encode())).isEqualTo(hex);
        assertThat(ignored).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0000c00002011ae1, RENDEZVOUS, 192.0.2.1:6881",
        "0100c6336407c8d5, CONNECT, 198.51.100.7:51413",
        "000120010db80000000000000000000000011ae1, RENDEZVOUS, [2001:db8::1]:6881",
        "010120010db80000000000000000000000011ae1, CONNECT, [2001:db8::1]:6881",
    })
    void a72_theShortFormIsDecodedAndTheLongFormEncoded(String hex, Type type, String address) {
        HolepunchMessage message = new HolepunchMessage(type, peer(address), 0);
        assertThat(decode(hex)).contains(message);
        assertThat(ByteBufUtil.hexDump(message.encode())).isEqualTo(hex + "00000000");
        assertThat(ignored).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000c00002011ae1ff",
                "0000c00002011ae1ffffff",
                "0000c00002011ae10000000000",
                "0000c00002011ae100000005ffffffffffffffffffffffffffffffff"
            })
    void trailingBytesAreCountedAndNotRead(String hex) {
        assertThat(decode(hex)).contains(HolepunchMessage.rendezvous(peer("192.0.2.1:6881")));
        assertThat(ignored).containsExactly(HolepunchIgnored.TRAILING_BYTES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0000",
                "0000c00002011a",
                "000120010db80000000000000000000000011a",
                "0200c00002011ae1",
                "0200c00002011ae1000000",
                "020120010db80000000000000000000000011ae1000000",
                "0300c00002011ae100000000",
                "ff00c00002011ae100000000",
                "0002c00002011ae100000000",
                "00ff20010db80000000000000000000000011ae100000000"
            })
    void a72_malformedMessagesAreIgnoredAndCounted(String hex) {
        assertThat(decode(hex)).isEmpty();
        assertThat(ignored).containsExactly(HolepunchIgnored.MALFORMED);
    }

    @Test
    void mappedAddressesStayIpv6() {
        HolepunchMessage message =
                decode("000100000000000000000000ffff090101011ae1").orElseThrow();
        assertThat(message.peer().getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(PexPolicy.standard().tell(message.peer(), peer("9.9.9.9:6881")))
                .isFalse();
    }

    @Test
    void anErrorPrintsItsNameAndAnUnknownOneItsNumber() {
        assertThat(decode("0200c00002011ae100000003").orElseThrow())
                .hasToString("error /192.0.2.1:6881: NO_SUPPORT")
                .extracting(message -> HolepunchError.of(message.errorCode()))
                .isEqualTo(Optional.of(HolepunchError.NO_SUPPORT));
        assertThat(decode("0200c00002011ae1fffffffe").orElseThrow())
                .hasToString("error /192.0.2.1:6881: error code 4294967294")
                .extracting(message -> HolepunchError.of(message.errorCode()))
                .isEqualTo(Optional.empty());
        assertThat(decode("0000c00002011ae100000003").orElseThrow()).hasToString("rendezvous /192.0.2.1:6881");
    }

    @Test
    void aMessageNeedsAnIpAddress() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("peer.example", 6881);
        assertThatIllegalArgumentException().isThrownBy(() -> HolepunchMessage.rendezvous(name));
    }

    private Optional<HolepunchMessage> decode(String hex) {
        return HolepunchMessage.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)), ignored::add);
    }
}
