/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.peer;

import io.netty.channel.local.LocalAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** the table of addresses by the kind of the other side. */
class PexPolicyTest {
    private static final SocketAddress PUBLIC = peer("81.2.69.142:6881");
    private static final SocketAddress PRIVATE = peer("192.168.1.2:6881");
    private static final SocketAddress LOOPBACK = peer("127.0.0.1:6881");

    private final PexPolicy policy = PexPolicy.standard();

    @ParameterizedTest(name = "{0}: public {1}, private {2}, loopback {3}")
    @CsvSource({
        // address, then true if it passes to a public peer, a private peer, a peer on this machine
        "81.2.69.160, true, true, true",
        "1.1.1.1, true, true, true",
        "172.15.255.255, true, true, true",
        "172.32.0.1, true, true, true",
        "100.63.255.255, true, true, true",
        "100.128.0.1, true, true, true",
        "223.255.255.254, true, true, true",
        "2a00:1450:4001::1, true, true, true",
        "2001:db7::1, true, true, true",
        "10.0.0.1, false, true, true",
        "172.16.0.1, false, true, true",
        "172.31.255.255, false, true, true",
        "192.168.255.1, false, true, true",
        "100.64.0.1, false, true, true",
        "100.127.255.255, false, true, true",
        "fd00::1, false, true, true",
        "fc00::1, false, true, true",
        "127.0.0.1, false, false, true",
        "127.255.255.255, false, false, true",
        "::1, false, false, true",
        "0.0.0.0, false, false, false",
        "0.1.2.3, false, false, false",
        "169.254.1.1, false, false, false",
        "192.0.0.8, false, false, false",
        "192.0.2.1, false, false, false",
        "192.88.99.1, false, false, false",
        "198.18.0.1, false, false, false",
        "198.19.255.255, false, false, false",
        "198.51.100.7, false, false, false",
        "203.0.113.9, false, false, false",
        "224.0.0.1, false, false, false",
        "239.255.255.255, false, false, false",
        "240.0.0.1, false, false, false",
        "255.255.255.255, false, false, false",
        "::, false, false, false",
        "::2, false, false, false",
        "64:ff9b::1, false, false, false",
        "100::1, false, false, false",
        "2001:db8::1, false, false, false",
        "3fff::1, false, false, false",
        "fe80::1, false, false, false",
        "fec0::1, false, false, false",
        "ff02::1, false, false, false",
    })
    void a42_passesByLocality(String host, boolean withPublic, boolean withPrivate, boolean withLoopback) {
        InetSocketAddress candidate = new InetSocketAddress(host, 6881);
        assertThat(policy.accept(candidate, PUBLIC)).isEqualTo(withPublic);
        assertThat(policy.accept(candidate, PRIVATE)).isEqualTo(withPrivate);
        assertThat(policy.accept(candidate, peer("127.0.0.9:1"))).isEqualTo(withLoopback);
        assertThat(policy.tell(candidate, PUBLIC)).isEqualTo(withPublic);
        assertThat(policy.tell(candidate, PRIVATE)).isEqualTo(withPrivate);
        assertThat(policy.tell(candidate, LOOPBACK)).isEqualTo(withLoopback);
    }

    @Test
    void a42_refusesMappedAddresses() throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xff;
        bytes[12] = 81;
        InetSocketAddress mapped = new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), 6881);
        assertThat(policy.accept(mapped, PUBLIC)).isFalse();
        assertThat(policy.tell(mapped, PUBLIC)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, false, false", "1, false, true", "80, false, true", "1023, false, true", "1024, true, true"})
    void a42_refusesLowPortsByDefault(int port, boolean byDefault, boolean withLowPorts) {
        InetSocketAddress candidate = new InetSocketAddress("81.2.69.160", port);
        assertThat(policy.accept(candidate, PUBLIC)).isEqualTo(byDefault);
        assertThat(PexPolicy.withLowPorts().accept(candidate, PUBLIC)).isEqualTo(withLowPorts);
        assertThat(policy.tell(candidate, PUBLIC)).isEqualTo(port > 0);
    }

    @Test
    void a42_refusesTheTellerItself() {
        assertThat(policy.accept(peer("81.2.69.142:6881"), PUBLIC)).isFalse();
        assertThat(policy.accept(peer("81.2.69.142:6882"), PUBLIC)).isTrue();
    }

    @Test
    void a42_refusesUnresolvedAddresses() {
        assertThat(policy.accept(InetSocketAddress.createUnresolved("peer.example", 6881), PUBLIC))
                .isFalse();
    }

    @Test
    void a42_aPeerWithoutAnIpAddressCountsAsPublic() {
        SocketAddress local = new LocalAddress("pipe");
        assertThat(policy.accept(peer("10.0.0.1:6881"), local)).isFalse();
        assertThat(policy.accept(peer("127.0.0.1:6881"), local)).isFalse();
        assertThat(policy.accept(peer("81.2.69.160:6881"), local)).isTrue();
        assertThat(policy.accept(peer("10.0.0.1:6881"), InetSocketAddress.createUnresolved("peer.example", 1)))
                .isFalse();
    }
}
