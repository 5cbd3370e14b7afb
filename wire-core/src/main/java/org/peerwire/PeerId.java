/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The identifier of a peer: twenty opaque bytes, by convention {@code -XXnnnn-} and twelve random bytes (BEP 20).
 * Immutable.
 *
 * <p>Ids are ordered by their unsigned bytes. Two peers that dial each other at once get two wires. Both keep the same
 * one if each keeps the wire dialled by the greater id:
 * {@code wire.initiator() == (wire.local().peerId().compareTo(wire.remote().peerId()) > 0)}.
 */
public final class PeerId extends TwentyBytes implements Comparable<PeerId> {

    private PeerId(byte[] bytes) {
        super(bytes);
    }

    /**
     * Returns the peer id with a copy of these bytes.
     *
     * @throws IllegalArgumentException if the length is not 20
     */
    public static PeerId of(byte[] bytes) {
        return new PeerId(bytes);
    }

    /**
     * Returns the peer id with these twenty Latin-1 characters or forty hexadecimal digits.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static PeerId parse(String text) {
        return new PeerId(
                text.length() == 2 * LENGTH
                        ? HexFormat.of().parseHex(text)
                        : text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns a new random id with the prefix of this library: {@code -PW0100-} and twelve random bytes. */
    public static PeerId random() {
        return random("-PW0100-");
    }

    /**
     * Returns a new random id with the prefix of a client.
     *
     * @param prefix at most 20 Latin-1 characters, by convention eight: {@code -XXnnnn-}
     * @throws IllegalArgumentException if the prefix is longer
     */
    public static PeerId random(String prefix) {
        byte[] start = prefix.getBytes(StandardCharsets.ISO_8859_1);
        Ranges.check("prefix.length()", start.length, 0, LENGTH);
        byte[] bytes = new byte[LENGTH];
        new SecureRandom().nextBytes(bytes);
        System.arraycopy(start, 0, bytes, 0, start.length);
        return new PeerId(bytes);
    }

    /** Reads a peer id of twenty bytes. The buffer is not released. */
    public static PeerId read(ByteBuf in) {
        return new PeerId(readBytes(in));
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(raw(), other.raw());
    }

    /** Returns the bytes as text, with a dot for each byte outside printable ASCII. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LENGTH);
        for (byte b : raw()) {
            text.append(b >= ' ' && b <= '~' ? (char) b : '.');
        }
        return text.toString();
    }
}
