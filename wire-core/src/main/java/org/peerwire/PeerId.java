/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a peer calls itself: twenty opaque bytes, by custom {@code -XXnnnn-} and twelve random ones (BEP 20).
 *
 * <p>The order is that of the unsigned bytes. When two peers have dialled each other at once, both keep the same wire if
 * each keeps the one that the greater id has dialled: {@code wire.initiator() == (wire.local().peerId().compareTo(
 * wire.remote().peerId()) > 0)}.
 */
public final class PeerId extends TwentyBytes implements Comparable<PeerId> {

    private PeerId(byte[] bytes) {
        super(bytes);
    }

    /**
     * The peer id with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not 20
     */
    public static PeerId of(byte[] bytes) {
        return new PeerId(bytes);
    }

    /**
     * The peer id spelled by twenty Latin-1 characters or forty hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static PeerId parse(String text) {
        return new PeerId(
                text.length() == 2 * LENGTH
                        ? HexFormat.of().parseHex(text)
                        : text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A new random id of this library: {@code -PW0100-} and twelve random bytes. */
    public static PeerId random() {
        return random("-PW0100-");
    }

    /**
     * A new random id that starts with the client's own prefix.
     *
     * @param prefix at most 20 Latin-1 characters, by custom eight: {@code -XXnnnn-}
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

    /** Reads twenty bytes. */
    public static PeerId read(ByteBuf in) {
        return new PeerId(readBytes(in));
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(raw(), other.raw());
    }

    /** The bytes as text; what is not printable ASCII as a dot. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LENGTH);
        for (byte b : raw()) {
            text.append(b >= ' ' && b <= '~' ? (char) b : '.');
        }
        return text.toString();
    }
}
