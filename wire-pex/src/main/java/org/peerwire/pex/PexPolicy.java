/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A filter for the addresses that peers send and for those that we announce. Called for each address of a
 * message, possibly on several threads at once; must not block.
 *
 * <p>Peer exchange can direct many clients at a victim, and can disclose the addresses of an internal network.
 * {@link #standard()} refuses the addresses that serve these attacks.
 *
 * <p>A policy decides on one address at a time. {@link PexLimits} bounds the number of addresses per message, network
 * and sender.
 */
public interface PexPolicy {

    /**
     * Returns true to accept an address that a peer has sent.
     *
     * @param candidate the address, resolved; possibly an IPv4 address in IPv6 form
     * @param teller the address of the peer that sent it
     */
    boolean accept(InetSocketAddress candidate, SocketAddress teller);

    /**
     * Returns true to announce an address to a peer.
     *
     * @param candidate the address, resolved
     * @param listener the address of the peer that would receive it
     */
    boolean tell(InetSocketAddress candidate, SocketAddress listener);

    /**
     * Returns the default policy. It accepts and announces only addresses that a peer can have:
     *
     * <ul>
     *     <li>loopback addresses only between peers on this machine,
     *     <li>private addresses (RFC 1918, RFC 6598, unique local IPv6) only between peers with a private or loopback
     *       address,
     *     <li>never port 0; from a peer, no port below 1024: see {@link #withLowPorts()},
     *     <li>never unspecified, multicast, broadcast, documentation, reserved, IPv4-mapped or link-local addresses.
     * </ul>
     *
     * <p>A peer without an IP address, such as one on a Unix socket or behind a proxy, counts as public.
     */
    static PexPolicy standard() {
        return StandardPexPolicy.NO_LOW_PORTS;
    }

    /**
     * Returns {@link #standard()}, but accepts ports below 1024, with which an attacker can direct clients at other
     * services.
     */
    static PexPolicy withLowPorts() {
        return StandardPexPolicy.LOW_PORTS;
    }
}
