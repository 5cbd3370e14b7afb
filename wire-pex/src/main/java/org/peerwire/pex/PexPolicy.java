/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Which addresses are taken from a peer and which are told to one. Called for every entry of a message, possibly from
 * several threads at once; must not block.
 *
 * <p>Peer exchange can be abused to make many peers dial a victim that is no peer, and it can tell strangers what is
 * inside a network. {@link #standard()} keeps the addresses out that serve for that.
 *
 * <p>A policy sees one address at a time. How many of one message, of one network and of one sender are taken is in
 * {@link PexLimits}.
 */
public interface PexPolicy {

    /**
     * Whether an address that a peer has told is taken.
     *
     * @param candidate the address, resolved; it may be an IPv4 address in IPv6 form
     * @param teller the address of the peer that told it
     */
    boolean accept(InetSocketAddress candidate, SocketAddress teller);

    /**
     * Whether an address is told to a peer.
     *
     * @param candidate the address, resolved
     * @param listener the address of the peer it would be told to
     */
    boolean tell(InetSocketAddress candidate, SocketAddress listener);

    /**
     * The default. Takes and tells only addresses at which a peer can be, and
     *
     * <ul>
     *   <li>loopback addresses only between peers that are on this machine themselves,
     *   <li>private addresses (RFC 1918, RFC 6598, unique local IPv6) only between peers that have such an address or a
     *       loopback address themselves,
     *   <li>never port 0, and from others no port below 1024: see {@link #withLowPorts()},
     *   <li>never unspecified, multicast, broadcast, documentation, reserved, IPv4-mapped or link-local addresses.
     * </ul>
     *
     * <p>A peer without an IP address, such as one behind a Unix socket or a proxy, counts as a public one.
     */
    static PexPolicy standard() {
        return StandardPexPolicy.NO_LOW_PORTS;
    }

    /**
     * {@link #standard()}, but ports below 1024 are taken too, at which an attacker may point peers to other services.
     */
    static PexPolicy withLowPorts() {
        return StandardPexPolicy.LOW_PORTS;
    }
}
