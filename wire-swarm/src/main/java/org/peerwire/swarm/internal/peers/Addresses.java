/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.peerwire.Wire;
import org.peerwire.pex.CanonicalPriority;

/** Properties of addresses of peers. */
public final class Addresses {
    private static final double PRIORITIES = 1L << 32;
    private static final String BROADCAST = "255.255.255.255";

    private Addresses() {}

    /** Returns the address of the other side of a wire. */
    public static InetSocketAddress of(Wire wire) {
        return wire.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved(String.valueOf(wire.remoteAddress()), 0);
    }

    /** Returns {@code host:port}, with brackets around an IPv6 address. */
    public static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Returns false for an address at which no peer can listen: unresolved, without a port, or of a group. */
    static boolean isDialable(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host != null
                && address.getPort() > 0
                && !host.isAnyLocalAddress()
                && !host.isMulticastAddress()
                && !host.getHostAddress().equals(BROADCAST);
    }

    /** Returns the priority by BEP 40, from 0 to 1; 0 between addresses of two families. */
    static double priority(InetSocketAddress self, InetSocketAddress peer) {
        boolean comparable = !self.isUnresolved()
                && !peer.isUnresolved()
                && self.getAddress().getClass() == peer.getAddress().getClass();
        return comparable ? CanonicalPriority.of(self, peer) / PRIORITIES : 0;
    }
}
