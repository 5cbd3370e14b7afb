/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;

/** The addresses of the peer of a wire, and our own. */
final class PeerAddresses {

    private PeerAddresses() {}

    /** Returns the address that we dialled, or empty if the peer dialled us. */
    static Optional<InetSocketAddress> dialled(Wire wire) {
        return wire.initiator() ? remote(wire) : Optional.empty();
    }

    /**
     * Returns the address at which the peer accepts connections: the one we dialled, or else the port of its extended
     * handshake. The source port of a connection cannot be dialled.
     */
    static Optional<InetSocketAddress> listening(Wire wire, ExtendedHandshake handshake) {
        return dialled(wire).or(() -> at(remote(wire).map(InetSocketAddress::getAddress), handshake.listenPort()));
    }

    /** Returns true for our end of a wire, and for the address at which our side says that it accepts wires. */
    static boolean isOurs(Wire wire, InetSocketAddress address) {
        return address.equals(wire.localAddress()) || isOurs(wire, wire.local().listenPort(), address);
    }

    /** Returns true for a port of our host, which is known by our end of a wire. */
    static boolean isOurs(Wire wire, int port, InetSocketAddress address) {
        return address.getPort() == port
                && wire.localAddress() instanceof InetSocketAddress local
                && address.getAddress().equals(local.getAddress());
    }

    /** Returns the port at which a wire was accepted: the one that we announce, or that of the connection, or 0. */
    static int acceptingPort(Wire wire) {
        int announced = wire.local().listenPort();
        return announced == 0 && wire.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : announced;
    }

    /** Returns the addresses of the peer that are known before its extended handshake. */
    static Set<InetSocketAddress> of(Wire wire) {
        return remote(wire).map(Set::of).orElse(Set.of());
    }

    /** Returns all addresses of the peer, including those that its extended handshake claims. */
    static Set<InetSocketAddress> of(Wire wire, ExtendedHandshake handshake) {
        Set<InetSocketAddress> all = new HashSet<>(of(wire));
        OptionalInt port = handshake.listenPort();
        at(remote(wire).map(InetSocketAddress::getAddress), port).ifPresent(all::add);
        at(handshake.ipv4(), port).ifPresent(all::add);
        at(handshake.ipv6(), port).ifPresent(all::add);
        return all;
    }

    private static Optional<InetSocketAddress> remote(Wire wire) {
        return wire.remoteAddress() instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? Optional.of(inet)
                : Optional.empty();
    }

    private static Optional<InetSocketAddress> at(Optional<InetAddress> host, OptionalInt port) {
        return port.isPresent() ? host.map(h -> new InetSocketAddress(h, port.getAsInt())) : Optional.empty();
    }
}
