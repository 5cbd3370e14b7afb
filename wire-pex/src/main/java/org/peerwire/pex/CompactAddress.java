/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The compact form of an IP address and a port: 4 or 16 bytes, then 2. */
final class CompactAddress {
    private static final int IPV4 = 4;

    private CompactAddress() {}

    /**
     * Reads an address, all bytes of which must be readable.
     *
     * @param addressLength the bytes of the IP address, 4 or 16
     */
    static InetSocketAddress read(ByteBuf in, int addressLength) {
        byte[] bytes = ByteBufUtil.getBytes(in.readSlice(addressLength));
        try {
            // InetAddress would convert an IPv4-mapped address to IPv4, which bypasses the policy.
            InetAddress address = addressLength == IPV4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
            return new InetSocketAddress(address, in.readUnsignedShort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // cannot happen: the length is valid
        }
    }
}
