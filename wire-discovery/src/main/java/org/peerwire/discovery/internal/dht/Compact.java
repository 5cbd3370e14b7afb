/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compact form of addresses and nodes (BEP 5, BEP 32). */
final class Compact {

    private Compact() {}

    /** Returns the address at an offset, or null if it is no address of the family. */
    static @Nullable InetSocketAddress address(byte[] bytes, int offset, Family family) {
        InetAddress address = ip(Arrays.copyOfRange(bytes, offset, offset + family.addressLength));
        if (Family.of(address) != family) {
            return null; // an IPv4 address mapped into IPv6
        }
        int at = offset + family.addressLength;
        return new InetSocketAddress(address, ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff));
    }

    static InetAddress ip(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address must have 4 or 16 bytes, had " + bytes.length, e);
        }
    }

    /** Returns the nodes of compact bytes, at most {@code max}. A cut last node is ignored. */
    static List<Node> nodes(byte[] bytes, Family family, int max) {
        List<Node> nodes = new ArrayList<>();
        int length = family.nodeLength();
        for (int at = 0; at + length <= bytes.length && nodes.size() < max; at += length) {
            InetSocketAddress address = address(bytes, at + NodeId.LENGTH, family);
            if (address != null) {
                nodes.add(new Node(NodeId.of(bytes, at), address));
            }
        }
        return nodes;
    }

    /** Returns an address with its port. */
    static byte[] bytes(InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        byte[] bytes = Arrays.copyOf(ip, ip.length + 2);
        bytes[ip.length] = (byte) (address.getPort() >>> 8);
        bytes[ip.length + 1] = (byte) address.getPort();
        return bytes;
    }
}
