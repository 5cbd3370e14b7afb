/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The range from which an address can be reached. */
enum AddressKind {
    /** Reached from everywhere. */
    PUBLIC,
    /** Reached from the same network only: RFC 1918, RFC 6598, unique local IPv6. */
    PRIVATE,
    /** Reached from the same machine only. */
    LOOPBACK,
    /** Not a peer address, or a different host on each network: multicast, documentation, link-local and others. */
    UNUSABLE;

    /** Returns true for an address of this machine or this network. */
    boolean isLocal() {
        return this == LOOPBACK || this == PRIVATE;
    }

    /**
     * Returns the kind of a peer address. An address that is not an IP address counts as public, the most restricted
     * kind.
     */
    static AddressKind of(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved() ? of(inet.getAddress()) : PUBLIC;
    }

    static AddressKind of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? ofIpv4(bytes) : ofIpv6(bytes);
    }

    private static AddressKind ofIpv4(byte[] ip) {
        int a = ip[0] & 0xff;
        int ab = (a << 8) | (ip[1] & 0xff);
        int abc = (ab << 8) | (ip[2] & 0xff);
        if (a == 127) {
            return LOOPBACK;
        }
        if (a == 10 || (ab & 0xfff0) == 0xac10 || ab == 0xc0a8 || (ab & 0xffc0) == 0x6440) {
            return PRIVATE;
        }
        boolean documentation = abc == 0xc00002 || abc == 0xc63364 || abc == 0xcb0071;
        boolean special = ab == 0xa9fe || abc == 0xc00000 || abc == 0xc05863 || (ab & 0xfffe) == 0xc612;
        return a == 0 || a >= 224 || documentation || special ? UNUSABLE : PUBLIC;
    }

    private static AddressKind ofIpv6(byte[] ip) {
        int ab = ((ip[0] & 0xff) << 8) | (ip[1] & 0xff);
        int cd = ((ip[2] & 0xff) << 8) | (ip[3] & 0xff);
        if ((ab & 0xfe00) == 0xfc00) {
            return PRIVATE;
        }
        if (isLoopback(ip)) {
            return LOOPBACK;
        }
        // Only 2000::/3 is assigned; multicast, link-local, mapped and all others are outside of it.
        boolean documentation = (ab == 0x2001 && cd == 0x0db8) || (ab == 0x3fff && (cd & 0xf000) == 0);
        return (ab & 0xe000) != 0x2000 || documentation ? UNUSABLE : PUBLIC;
    }

    private static boolean isLoopback(byte[] ip) {
        for (int i = 0; i < 15; i++) {
            if (ip[i] != 0) {
                return false;
            }
        }
        return ip[15] == 1;
    }
}
