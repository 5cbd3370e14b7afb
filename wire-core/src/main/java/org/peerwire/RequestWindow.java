/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;

/**
 * The number of requests that a download keeps outstanding. An adaptive window holds the blocks that the peer sends in
 * {@code ahead}. It starts at {@code min} and grows by one with every block. Once a second it checks the rate; when the
 * rate has grown by less than 10 %, the window follows the rate from then on. The peer's {@code reqq} limits every
 * window.
 *
 * @param min the minimum, in requests, 1 or more
 * @param max the maximum, in requests, {@code min} or more
 * @param ahead the time that outstanding requests cover at the peer's rate, from 0 to 1 h; ignored if min equals
 *     max
 */
public record RequestWindow(int min, int max, Duration ahead) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public RequestWindow {
        Ranges.atLeast("min", min, 1);
        Ranges.atLeast("max", max, min);
        if (ahead.isNegative() || ahead.compareTo(LONGEST) > 0) {
            throw Ranges.failure("ahead", "0 to 1 h", ahead);
        }
    }

    /** Returns a window of a fixed number of requests. */
    public static RequestWindow fixed(int requests) {
        return new RequestWindow(requests, requests, Duration.ZERO);
    }

    /** Returns the default window: three seconds of blocks, from 4 to 2,000 requests. */
    public static RequestWindow adaptive() {
        return new RequestWindow(4, 2_000, Duration.ofSeconds(3));
    }
}
