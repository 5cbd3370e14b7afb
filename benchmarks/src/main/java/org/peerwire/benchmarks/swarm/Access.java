/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.time.Duration;
import java.util.Random;
import org.peerwire.test.HostLink;

/** A class of peers with the same bandwidth. */
enum Access {
    SEED(400_000, 400_000, 4),
    SLOW(25_000, 100_000, 4),
    MIDDLE(100_000, 400_000, 4),
    FAST(400_000, 1_200_000, 4),
    /** As MIDDLE, but unchokes nobody. */
    FREE_RIDER(100_000, 400_000, 0);

    /** The upload slots of a peer. */
    final int slots;

    private final long upload;
    private final long download;

    Access(long upload, long download, int slots) {
        this.upload = upload;
        this.download = download;
        this.slots = slots;
    }

    /** Returns the access of a host, with a delay of 5 to 100 ms. */
    HostLink link(Random random) {
        return new HostLink(upload, download, Duration.ofMillis(5 + random.nextInt(96)));
    }

    /** Returns the class of a leech: 20 % are slow, 50 % middle, 20 % fast, 10 % ride free. */
    static Access ofLeech(int number) {
        return switch (number % 10) {
            case 0, 5 -> SLOW;
            case 3, 8 -> FAST;
            case 6 -> FREE_RIDER;
            default -> MIDDLE;
        };
    }
}
