/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A counter of the peers of one message by network. A message with many addresses of one host or one network can
 * direct many clients at a victim. Local addresses are not counted: they are no victims, and the peers of a local
 * swarm are close together.
 */
final class Crowd {
    private final int maxPerAddress;
    private final int maxPerNetwork;
    private final Map<Network, Integer> members = new HashMap<>();

    private record Network(int family, int prefixLength, long prefix) {}

    Crowd(PexLimits limits) {
        this.maxPerAddress = limits.maxPerAddress();
        this.maxPerNetwork = limits.maxPerNetwork();
    }

    /** Counts an address and returns true, or returns false if its host or network is at the limit. */
    boolean admit(InetAddress address) {
        if (AddressKind.of(address).isLocal()) {
            return true;
        }
        boolean ipv4 = address.getAddress().length == 4;
        Network host = network(address, ipv4 ? 32 : 64);
        Network network = network(address, ipv4 ? 24 : 48);
        if (members.getOrDefault(host, 0) >= maxPerAddress || members.getOrDefault(network, 0) >= maxPerNetwork) {
            return false;
        }
        members.merge(host, 1, Integer::sum);
        members.merge(network, 1, Integer::sum);
        return true;
    }

    private static Network network(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        long first = ByteBuffer.allocate(16).put(bytes).getLong(0);
        return new Network(bytes.length, prefixLength, first >>> (64 - prefixLength));
    }
}
