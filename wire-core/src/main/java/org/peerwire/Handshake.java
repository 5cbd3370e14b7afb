/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The 68 bytes that each side sends first (BEP 3).
 *
 * @param features the features of the sender
 * @param infoHash the torrent
 * @param peerId the id of the sender
 */
public record Handshake(Features features, InfoHash infoHash, PeerId peerId) {
    /** The length in bytes. */
    public static final int LENGTH = 68;

    private static final byte[] PROTOCOL = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /** Returns the first twenty bytes of every handshake: the length of the protocol's name, and the name. */
    public static byte[] protocol() {
        return PROTOCOL.clone();
    }

    /** Writes the 68 bytes to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(PROTOCOL).writeLong(features.bits());
        infoHash.writeTo(out);
        peerId.writeTo(out);
    }

    /**
     * Reads a handshake of 68 bytes. The buffer is not released.
     *
     * @throws IllegalArgumentException if the first twenty bytes are not those of BEP 3
     * @throws IndexOutOfBoundsException if fewer than 68 bytes are readable
     */
    public static Handshake read(ByteBuf in) {
        HandshakeStart start = HandshakeStart.read(in);
        return new Handshake(start.features(), start.infoHash(), PeerId.read(in));
    }
}
