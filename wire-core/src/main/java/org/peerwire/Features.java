/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.peerwire.message.Feature;

/**
 * The eight reserved bytes of a handshake: what a peer says it can do (BEP 4). Immutable; bits without a name are kept.
 *
 * @param bits the eight bytes as one big-endian number
 */
public record Features(long bits) {

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
        return (bits & mask(feature)) != 0;
    }

    /** These and one more. */
    public Features with(Feature feature) {
        return new Features(bits | mask(feature));
    }

    /** These but one. */
    public Features without(Feature feature) {
        return new Features(bits & ~mask(feature));
    }

    /** The features both sides have: only those are in use on a wire. */
    public Features and(Features other) {
        return new Features(bits & other.bits);
    }

    private static long mask(Feature feature) {
        return 1L << feature.bit();
    }

    /** Sixteen hexadecimal digits and the names. */
    @Override
    public String toString() {
        return String.format("%016x", bits)
                + Arrays.stream(Feature.values()).filter(this::has).collect(Collectors.toList());
    }
}
