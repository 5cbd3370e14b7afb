/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import io.netty.channel.socket.InternetProtocolFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;

/** The multicast groups of BEP 14, one for each version of IP. */
enum MulticastGroup {
    IPV4(InternetProtocolFamily.IPv4, Inet4Address.class, "0.0.0.0", "239.192.152.143", "239.192.152.143:6771"),
    IPV6(InternetProtocolFamily.IPv6, Inet6Address.class, "::", "ff15::efc0:988f", "[ff15::efc0:988f]:6771");

    private static final int PORT = 6_771;

    final InternetProtocolFamily family;
    private final Class<? extends InetAddress> kind;

    private final String any;
    private final String group;

    /** The name of the group in a packet. */
    final String host;

    MulticastGroup(
            InternetProtocolFamily family, Class<? extends InetAddress> kind, String any, String group, String host) {
        this.family = family;
        this.kind = kind;
        this.any = any;
        this.group = group;
        this.host = host;
    }

    /** Returns the address to bind to, which is that of no interface. */
    InetSocketAddress any() {
        return literal(any);
    }

    /** Returns the address of the group. */
    InetSocketAddress address() {
        return literal(group);
    }

    private static InetSocketAddress literal(String literal) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), PORT); // a literal needs no name service
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Returns true if the interface has an address of this version of IP. */
    boolean isOn(NetworkInterface network) {
        return network.inetAddresses().anyMatch(kind::isInstance);
    }
}
