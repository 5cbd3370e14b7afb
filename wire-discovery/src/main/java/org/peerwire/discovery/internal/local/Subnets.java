/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.peerwire.discovery.internal.net.LocalNetworks;

/**
 * The networks that this machine is part of. A packet to our port from anywhere else is no multicast: somebody has sent it
 * to our own address, to make us dial.
 */
record Subnets(List<InterfaceAddress> addresses) {

    static Subnets of(List<NetworkInterface> networks) {
        return new Subnets(networks.stream()
                .flatMap(network -> network.getInterfaceAddresses().stream())
                .toList());
    }

    /** Returns true if the address is in the local network. */
    boolean contains(InetAddress address) {
        return LocalNetworks.contains(address) || addresses.stream().anyMatch(own -> isBeside(address, own));
    }

    private static boolean isBeside(InetAddress address, InterfaceAddress own) {
        byte[] theirs = address.getAddress();
        byte[] ours = own.getAddress().getAddress();
        int length = own.getNetworkPrefixLength();
        if (theirs.length != ours.length || length < 1) {
            return false;
        }
        for (int bit = 0; bit < Math.min(length, 8 * ours.length); bit++) {
            int mask = 0x80 >> bit % 8;
            if (((theirs[bit / 8] ^ ours[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
