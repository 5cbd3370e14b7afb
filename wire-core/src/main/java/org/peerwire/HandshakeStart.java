/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first 48 bytes of a {@link Handshake}: all but the peer id. Some peers wait for an answer before they send the
 * rest.
 *
 * @param features the features of the sender
 * @param infoHash the torrent
 */
public record HandshakeStart(Features features, InfoHash infoHash) {
    /** The length in bytes. */
    public static final int LENGTH = 48;

    /**
     * Reads 48 bytes. The buffer is not released.
     *
     * @throws IllegalArgumentException if the first twenty bytes are not those of BEP 3
     * @throws IndexOutOfBoundsException if fewer than 48 bytes are readable
     */
    public static HandshakeStart read(ByteBuf in) {
        byte[] expected = Handshake.protocol();
        byte[] protocol = new byte[expected.length];
        in.readBytes(protocol);
        if (!Arrays.equals(protocol, expected)) {
            HexFormat hex = HexFormat.of();
            throw Ranges.failure(
                    "protocol", hex.formatHex(expected) + " (BitTorrent protocol)", hex.formatHex(protocol));
        }
        return new HandshakeStart(new Features(in.readLong()), InfoHash.read(in));
    }
}
