/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.peerwire.message.Feature;

/**
 * The eight reserved bytes of a handshake, one bit for each {@link Feature} of a peer (BEP 4). Immutable; bits without
 * a name are kept.
 *
 * @param bits the eight bytes as one big-endian number
 */
public record Features(long bits) {

    /** No feature: the protocol of BEP 3 alone. */
    public static final Features NONE = new Features(0);

    /** The features that need no code of the user: the extension protocol and the Fast extension. */
    public static final Features DEFAULT = of(Feature.EXTENSION_PROTOCOL, Feature.FAST);

    /** Returns a set of exactly these features. */
    public static Features of(Feature... features) {
        Features result = NONE;
        for (Feature feature : features) {
            result = result.with(feature);
        }
        return result;
    }

    /** Returns true if the feature is in the set. */
    public boolean has(Feature feature) {
        return (bits & mask(feature)) != 0;
    }

    /** Returns this set with one more feature. */
    public Features with(Feature feature) {
        return new Features(bits | mask(feature));
    }

    /** Returns this set without one feature. */
    public Features without(Feature feature) {
        return new Features(bits & ~mask(feature));
    }

    /** Returns the features of both sets. On a wire only those of both sides are in use. */
    public Features and(Features other) {
        return new Features(bits & other.bits);
    }

    private static long mask(Feature feature) {
        return 1L << feature.bit();
    }

    /** Returns sixteen hexadecimal digits and the names. */
    @Override
    public String toString() {
        return String.format("%016x", bits)
                + Arrays.stream(Feature.values()).filter(this::has).collect(Collectors.toList());
    }
}
