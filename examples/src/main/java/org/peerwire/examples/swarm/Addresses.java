/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import org.peerwire.Wire;

/** Addresses of peers, for people. */
public final class Addresses {
    private Addresses() {}

    /** The address of the other side of a wire. */
    static InetSocketAddress of(Wire wire) {
        return wire.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved(String.valueOf(wire.remoteAddress()), 0);
    }

    /** Looks the host up, which blocks; an address that cannot be found stays unresolved. */
    public static InetSocketAddress resolve(InetSocketAddress address) {
        return address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    }

    /** {@code host:port}, with brackets around IPv6. */
    public static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
