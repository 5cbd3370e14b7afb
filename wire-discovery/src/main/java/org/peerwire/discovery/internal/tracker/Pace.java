/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.time.Duration;

/**
 * When trackers are asked.
 *
 * @param patience the time without an answer after which the next trackers are asked as well
 * @param minInterval the minimum time between two announces to a tracker
 * @param everyTier true to announce to one tracker of each tier
 */
public record Pace(Duration patience, Duration minInterval, boolean everyTier) {
    private static final long DEFAULT_INTERVAL = 1_800;
    private static final long MAX_INTERVAL = Duration.ofDays(1).toSeconds();
    private static final long FIRST_RETRY = 5;
    private static final long LAST_RETRY = 1_800;

    /** Returns the time to the next announce, without jitter. */
    Duration interval(TrackerAnswer answer) {
        long asked = Math.max(
                answer.interval().orElse(DEFAULT_INTERVAL), answer.minInterval().orElse(0));
        return Duration.ofSeconds(Math.min(MAX_INTERVAL, Math.max(minInterval.toSeconds(), asked)));
    }

    /** Returns the time to the next attempt after a number of failures in a row, without jitter. */
    static Duration retry(int failures) {
        return Duration.ofSeconds(Math.min(LAST_RETRY, FIRST_RETRY << Math.min(16, failures - 1)));
    }
}
