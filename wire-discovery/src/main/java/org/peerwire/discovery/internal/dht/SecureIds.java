/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.peerwire.discovery.internal.net.LocalNetworks;

/**
 * Node ids that follow from the external address of the node (BEP 42): the first 21 bits are a checksum of it and of
 * the last byte of the id. So nobody chooses a place next to a torrent.
 */
final class SecureIds {
    private static final long FOUR_MASK = 0x030f3fffL;
    private static final long SIX_MASK = 0x0103070f1f3f7fffL;

    /** The first 21 bits of an id. */
    private static final long PREFIX = 0xfffff800L << 32;

    private SecureIds() {}

    /** Returns an id for an address. */
    static NodeId create(InetAddress address, RandomGenerator random) {
        NodeId id = NodeId.random(random);
        long prefix = prefix(address, id.low());
        return new NodeId((prefix & PREFIX) | (id.high() & ~PREFIX), id.middle(), id.low());
    }

    /** Returns true if an id follows from an address, or if the address is local and so no outsider sees it. */
    static boolean isValid(NodeId id, InetAddress address) {
        return matches(id, address) || LocalNetworks.contains(address);
    }

    private static boolean matches(NodeId id, InetAddress address) {
        return ((id.high() ^ prefix(address, id.low())) & PREFIX) == 0;
    }

    /** Returns the checksum in the upper 32 bits. */
    private static long prefix(InetAddress address, int lastByte) {
        byte[] ip = address.getAddress();
        int length = ip.length == 4 ? 4 : 8;
        long mask = ip.length == 4 ? FOUR_MASK : SIX_MASK;
        CRC32C crc = new CRC32C();
        for (int i = 0; i < length; i++) {
            int octet = ip[i] & (int) (mask >>> (8 * (length - 1 - i))) & 0xff;
            crc.update(i == 0 ? octet | ((lastByte & 7) << 5) : octet);
        }
        return crc.getValue() << 32;
    }
}
