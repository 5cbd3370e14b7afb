/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack A-89. */
class LocalNetworksTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "224.0.0.1",
                "239.192.152.143",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "feff::1",
                "fc00::1",
                "fdff::1",
                "ff02::1",
                "ff15::efc0:988f",
                "::127.0.0.1",
                "::ffff:0:10.0.0.1",
                "64:ff9b::192.168.1.1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "2001:0:1234::f5ff:fffe",
                "100::1",
                "::ffff:127.0.0.1"
            })
    void aLocalAddressIsContained(String literal) throws Exception {
        assertThat(LocalNetworks.contains(InetAddress.getByName(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1",
                "fbff::1",
                "fe7f::1",
                "::8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:0:1234::f7f7:f7f7",
                "2001:db8::1",
                "100:0:0:1::1"
            })
    void aPublicAddressIsNotContained(String literal) throws Exception {
        assertThat(LocalNetworks.contains(InetAddress.getByName(literal))).isFalse();
    }

    /** The parser of Netty, which clients use for literals, does not make it an IPv4 address as the one of Java does. */
    @Test
    void anIpv6AddressThatMapsALocalOneIsContained() {
        assertThat(LocalNetworks.contains(NetUtil.createInetAddressFromIpAddressString("::ffff:10.0.0.1")))
                .isTrue();
        assertThat(LocalNetworks.contains(NetUtil.createInetAddressFromIpAddressString("::ffff:8.8.8.8")))
                .isFalse();
    }
}
