/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import org.peerwire.Wire;

/** Addresses of peers as text. */
public final class Addresses {
    private Addresses() {}

    /** Returns the address of the other side of a wire. */
    public static InetSocketAddress of(Wire wire) {
        return wire.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved(String.valueOf(wire.remoteAddress()), 0);
    }

    /** Resolves the host, which blocks. An address whose host is unknown stays unresolved. */
    public static InetSocketAddress resolve(InetSocketAddress address) {
        return address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    }

    /** Returns {@code host:port}, with brackets around an IPv6 address. */
    public static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
