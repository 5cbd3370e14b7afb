/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;

/**
 * How many requests a download keeps outstanding. An adaptive window holds as many blocks as the peer sends in
 * {@code ahead}, found by slow start: it grows by one with every block until the rate stops growing, then follows the rate.
 * The peer's {@code reqq} bounds every window.
 *
 * @param min never less than this, at least 1
 * @param max never more than this
 * @param ahead how much of the peer's present rate to keep asked for; ignored when min equals max
 */
public record RequestWindow(int min, int max, Duration ahead) {

    /** Checks the ranges. */
    public RequestWindow {
        Ranges.atLeast("min", min, 1);
        Ranges.atLeast("max", max, min);
        if (ahead.isNegative()) {
            throw Ranges.failure("ahead", "0 or more", ahead);
        }
    }

    /** Always this many. */
    public static RequestWindow fixed(int requests) {
        return new RequestWindow(requests, requests, Duration.ZERO);
    }

    /** Three seconds of blocks, from 4 to 2,000 requests. The default. */
    public static RequestWindow adaptive() {
        return new RequestWindow(4, 2_000, Duration.ofSeconds(3));
    }
}
