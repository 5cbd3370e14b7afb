/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import java.net.InetAddress;
import reactor.core.publisher.Flux;

/** The multicast groups of BEP 14 on the networks of this machine. */
public interface Multicast {

    /**
     * A packet from the network. Several sockets may receive the same packet.
     *
     * @param sender the address of its sender
     * @param bytes the packet
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Packet(InetAddress sender, byte[] bytes) {}

    /**
     * Opens the sockets at the subscription, and closes them when it is cancelled. Signals on any thread.
     *
     * @return the packets; fails with {@link java.net.SocketException} if no network has multicast
     */
    Flux<Packet> open();

    /** Sends a packet to the groups of all networks while the sockets are open. A loss is nobody's failure. */
    void send(LocalAnnounce announce);
}
