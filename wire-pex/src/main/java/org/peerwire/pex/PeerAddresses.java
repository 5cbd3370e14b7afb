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

/** Where the peer of a wire can be dialled. */
final class PeerAddresses {

    private PeerAddresses() {}

    /** Where the peer accepts connections, by what is known without its extended handshake: only if we have dialled. */
    static Optional<InetSocketAddress> dialled(Wire wire) {
        return wire.initiator() ? remote(wire) : Optional.empty();
    }

    /**
     * Where the peer accepts connections: where we have dialled it, or else the port it tells. The port a connection
     * comes from is nothing one can dial.
     */
    static Optional<InetSocketAddress> listening(Wire wire, ExtendedHandshake handshake) {
        return dialled(wire).or(() -> at(remote(wire).map(InetSocketAddress::getAddress), handshake.listenPort()));
    }

    /** The addresses known to be the peer's own before its extended handshake. */
    static Set<InetSocketAddress> of(Wire wire) {
        return remote(wire).map(Set::of).orElse(Set.of());
    }

    /** All addresses known to be the peer's own, by its word. */
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
