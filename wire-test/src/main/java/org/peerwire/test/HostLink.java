/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.time.Duration;

/**
 * The access of a host to a {@link TestSwarm}. All connections of the host share it.
 *
 * @param upload the bytes per second from the host, 1 or more; {@link #UNLIMITED} for no limit
 * @param download the bytes per second to the host, 1 or more; {@link #UNLIMITED} for no limit
 * @param delay the time from the host to the middle of the network, and back; 1 ns or more. Bytes between two hosts
 *     take the delays of both
 */
public record HostLink(long upload, long download, Duration delay) {
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** No limit of the bytes per second. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** An access of 100 Mbit/s in both directions, with a delay of 1 ms. */
    public static final HostLink DEFAULT = of(12_500_000, 12_500_000);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public HostLink {
        check("upload", upload);
        check("download", download);
        if (delay.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("delay must be positive, was " + delay);
        }
    }

    /** Returns an access with these bytes per second and a delay of 1 ms. */
    public static HostLink of(long upload, long download) {
        return new HostLink(upload, download, MOMENT);
    }

    /** Returns an access with the same bytes per second and another delay. */
    public HostLink delay(Duration delay) {
        return new HostLink(upload, download, delay);
    }

    private static void check(String name, long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + bytesPerSecond);
        }
    }
}
