/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** An IP address and a port as peers write them: 4 or 16 bytes, then 2. */
final class CompactAddress {
    private static final int IPV4 = 4;

    private CompactAddress() {}

    /**
     * Reads one, of which all bytes must be there.
     *
     * @param addressLength bytes of the address, 4 or 16
     */
    static InetSocketAddress read(ByteBuf in, int addressLength) {
        byte[] bytes = ByteBufUtil.getBytes(in.readSlice(addressLength));
        try {
            // The general method would turn an IPv4-mapped address into an IPv4 one, past the policy.
            InetAddress address = addressLength == IPV4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
            return new InetSocketAddress(address, in.readUnsignedShort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the length is right
        }
    }
}
