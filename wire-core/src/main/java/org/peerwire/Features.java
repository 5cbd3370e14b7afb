/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The eight reserved bytes of a handshake: what a peer says it can do (BEP 4). Immutable; bits without a name are kept.
 *
 * @param bits the eight bytes as one big-endian number
 */
public record Features(long bits) {

    /** The bits that have a name. */
    public enum Feature {
        /** Azureus messaging: byte 0, 0x80. */
        AZUREUS_MESSAGING(63),
        /** Location-aware protocol: byte 2, 0x08. */
        LOCATION_AWARE(43),
        /** The extension protocol (BEP 10): byte 5, 0x10. */
        EXTENSION_PROTOCOL(20),
        /** The upgrade of a hybrid torrent to version 2 (BEP 52): byte 7, 0x10. */
        V2_UPGRADE(4),
        /** NAT traversal: byte 7, 0x08. */
        NAT_TRAVERSAL(3),
        /** The Fast extension (BEP 6): byte 7, 0x04. */
        FAST(2),
        /** XBT peer exchange: byte 7, 0x02. */
        XBT_PEER_EXCHANGE(1),
        /** A DHT node (BEP 5): byte 7, 0x01. */
        DHT(0);

        private final long mask;

        Feature(int bit) {
            this.mask = 1L << bit;
        }
    }

    /** No feature: the protocol of 2001. */
    public static final Features NONE = new Features(0);

    /** What this library does by itself: the extension protocol and the Fast extension. */
    public static final Features DEFAULT = of(Feature.EXTENSION_PROTOCOL, Feature.FAST);

    /** These features and no others. */
    public static Features of(Feature... features) {
        Features result = NONE;
        for (Feature feature : features) {
            result = result.with(feature);
        }
        return result;
    }

    /** Whether the bit is set. */
    public boolean has(Feature feature) {
        return (bits & feature.mask) != 0;
    }

    /** These and one more. */
    public Features with(Feature feature) {
        return new Features(bits | feature.mask);
    }

    /** These but one. */
    public Features without(Feature feature) {
        return new Features(bits & ~feature.mask);
    }

    /** The features both sides have: only those are in use on a wire. */
    public Features and(Features other) {
        return new Features(bits & other.bits);
    }

    /** Sixteen hexadecimal digits and the names. */
    @Override
    public String toString() {
        return String.format("%016x", bits)
                + Arrays.stream(Feature.values()).filter(this::has).collect(Collectors.toList());
    }
}
