/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;

/** The wait for the limits that all sources of a swarm share. Confined to the thread of the swarm. */
final class Throttle {
    /** The time after which a limited rate is tried again, and by chance up to twice as long: swarms take turns. */
    private static final int MILLIS = 15;

    private final SwarmLoop loop;
    private final Rates rates;
    private final Random random;
    private final Runnable again;
    private boolean isThrottled;
    private boolean isContended;

    /**
     * Creates a throttle that does not wait.
     *
     * @param rates the limits of the swarm and the host
     * @param again asks all sources again
     */
    Throttle(SwarmLoop loop, Rates rates, Random random, Runnable again) {
        this.loop = loop;
        this.rates = rates;
        this.random = random;
        this.again = again;
    }

    /** Returns true while all sources wait for a shared limit, so that this swarm does not overtake another one. */
    boolean isContended() {
        return isContended;
    }

    /** Asks all sources again a little later, because a limit has refused. */
    void tryLater() {
        isContended = rates.nanosUntilReady(loop.now(TimeUnit.NANOSECONDS)) > 0;
        if (!isThrottled) {
            isThrottled = true;
            loop.schedule(this::tryAgain, MILLIS + random.nextInt(MILLIS), TimeUnit.MILLISECONDS);
        }
    }

    private void tryAgain() {
        isThrottled = false;
        isContended = false;
        again.run();
    }
}
