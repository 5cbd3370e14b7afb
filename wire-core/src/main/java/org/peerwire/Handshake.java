/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The 68 bytes with which each side opens a wire (BEP 3).
 *
 * @param features what the sender can do
 * @param infoHash which torrent it is about
 * @param peerId what the sender calls itself
 */
public record Handshake(Features features, InfoHash infoHash, PeerId peerId) {
    /** Bytes on the wire. */
    public static final int LENGTH = 68;

    private static final byte[] PROTOCOL = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /** The twenty bytes every handshake starts with: the length of the protocol's name, and the name. */
    public static byte[] protocol() {
        return PROTOCOL.clone();
    }

    /** Appends the 68 bytes to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(PROTOCOL).writeLong(features.bits());
        infoHash.writeTo(out);
        peerId.writeTo(out);
    }

    /**
     * Reads 68 bytes.
     *
     * @throws IllegalArgumentException if the first twenty are not those of BEP 3
     * @throws IndexOutOfBoundsException if there are fewer
     */
    public static Handshake read(ByteBuf in) {
        byte[] protocol = new byte[PROTOCOL.length];
        in.readBytes(protocol);
        if (!Arrays.equals(protocol, PROTOCOL)) {
            HexFormat hex = HexFormat.of();
            throw Ranges.failure(
                    "protocol", hex.formatHex(PROTOCOL) + " (BitTorrent protocol)", hex.formatHex(protocol));
        }
        return new Handshake(new Features(in.readLong()), InfoHash.read(in), PeerId.read(in));
    }
}
