/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import org.peerwire.Wire;

/** Addresses of peers as text. */
final class Addresses {
    private Addresses() {}

    /** Returns the address of the other side of a wire. */
    static InetSocketAddress of(Wire wire) {
        return wire.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved(String.valueOf(wire.remoteAddress()), 0);
    }

    /** Returns {@code host:port}, with brackets around an IPv6 address. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
