/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An address family. Each has its own table of nodes (BEP 32). */
public enum Family {
    /** IPv4. */
    FOUR(4, 3, "nodes", "n4"),
    /** IPv6. */
    SIX(16, 8, "nodes6", "n6");

    /** The length of an address in bytes. */
    final int addressLength;

    /** The number of leading bytes that one person is likely to own: /24 and /64. */
    final int networkLength;

    /** The key of compact nodes. */
    final String nodesKey;

    /** The name in a list of wanted families. */
    final String want;

    Family(int addressLength, int networkLength, String nodesKey, String want) {
        this.addressLength = addressLength;
        this.networkLength = networkLength;
        this.nodesKey = nodesKey;
        this.want = want;
    }

    /** The length of a compact address with its port. */
    int peerLength() {
        return addressLength + 2;
    }

    /** The length of a compact node: its id, address and port. */
    int nodeLength() {
        return NodeId.LENGTH + addressLength + 2;
    }

    static Family of(InetAddress address) {
        return address instanceof Inet4Address ? FOUR : SIX;
    }

    /** Returns the family of a resolved address. */
    public static Family of(InetSocketAddress address) {
        return of(address.getAddress());
    }

    Family other() {
        return this == FOUR ? SIX : FOUR;
    }

    /** Returns the network of an address as a key of maps: its first bytes as a number. */
    long network(InetAddress address) {
        byte[] bytes = address.getAddress();
        long network = 0;
        for (int i = 0; i < networkLength; i++) {
            network = (network << 8) | (bytes[i] & 0xff);
        }
        return network;
    }
}
