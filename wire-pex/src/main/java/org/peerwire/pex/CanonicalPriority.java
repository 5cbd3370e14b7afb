/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.zip.CRC32C;

/**
 * The canonical priority of a connection (BEP 40). Both ends compute the same number and neither can choose it. So
 * swarms prefer the same connections, and an attacker cannot fill all connections of a peer.
 */
public final class CanonicalPriority {

    private CanonicalPriority() {}

    /**
     * Returns the priority of a connection between two peers, the same in both directions.
     *
     * @param a the address of one peer, resolved
     * @param b the address of the other peer, of the same family
     * @return 0 to 2<sup>32</sup> - 1; prefer the connection with the higher number
     * @throws IllegalArgumentException if an address is unresolved or the families differ, for which BEP 40 defines no
     *     priority
     */
    public static long of(InetSocketAddress a, InetSocketAddress b) {
        if (family(a) == 0 || family(a) != family(b)) {
            throw new IllegalArgumentException(
                    "a and b must be resolved addresses of one family, were " + a + " and " + b);
        }
        byte[] first = a.getAddress().getAddress();
        byte[] second = b.getAddress().getAddress();
        int difference = Arrays.mismatch(first, second);
        if (difference < 0) {
            return crc(port(a), port(b));
        }
        int always = first.length == 4 ? 2 : 6;
        int kept = difference < always ? always : difference + 1;
        return crc(mask(first, kept), mask(second, kept));
    }

    /**
     * Returns an order of candidates, the best first. Candidates of another family than {@code self} and unresolved
     * ones come last, in no defined order. Not consistent with equals.
     *
     * @param self the address at which others reach us, resolved
     */
    public static Comparator<InetSocketAddress> comparator(InetSocketAddress self) {
        return Comparator.<InetSocketAddress>comparingLong(
                        peer -> family(self) != 0 && family(peer) == family(self) ? of(self, peer) : -1)
                .reversed();
    }

    private static int family(InetSocketAddress address) {
        return address.isUnresolved() ? 0 : address.getAddress().getAddress().length;
    }

    private static byte[] port(InetSocketAddress address) {
        return ByteBuffer.allocate(2).putShort((short) address.getPort()).array();
    }

    private static byte[] mask(byte[] address, int kept) {
        for (int i = kept; i < address.length; i++) {
            address[i] &= 0x55;
        }
        return address;
    }

    private static long crc(byte[] a, byte[] b) {
        boolean inOrder = Arrays.compareUnsigned(a, b) <= 0;
        CRC32C crc = new CRC32C();
        crc.update(inOrder ? a : b);
        crc.update(inOrder ? b : a);
        return crc.getValue();
    }
}
