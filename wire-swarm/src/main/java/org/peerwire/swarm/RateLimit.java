/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A limit of the payload bytes per second of one direction, shared by everything that it is given to. Thread-safe, and
 * without a timer: callers ask with the time of their clock.
 *
 * <p>A token bucket that fills continuously and holds the bytes of a tenth of a second. In any time {@code t} it gives
 * at most the bytes of {@code t}, those of a tenth of a second, and one block. So the rate is exact within 5 % over 5 s
 * from 110 KiB/s. Below that, one block more or less is more than 3 %.
 */
public final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long BURST = SECOND / 10;
    private static final RateLimit UNLIMITED = new RateLimit(Long.MAX_VALUE);

    private final AtomicReference<Bucket> bucket;

    /**
     * A bucket at one moment. Only differences of times are compared, because a clock may begin anywhere.
     *
     * @param asOf the time of the last take, in nanoseconds of the callers' clock; without meaning in a full bucket
     * @param missing the nanoseconds that the bucket takes from then to be full; 0 if it was
     */
    private record Bucket(long bytesPerSecond, long asOf, long missing) {

        /** Returns the nanoseconds until the bucket is full, 0 if it is. */
        long missing(long now) {
            return missing == 0 ? 0 : Math.max(0, missing - Math.max(0, now - asOf));
        }

        /** Returns the nanoseconds that bytes take. */
        long duration(long bytes) {
            return bytes / bytesPerSecond * SECOND + bytes % bytesPerSecond * SECOND / bytesPerSecond;
        }

        boolean isUnlimited() {
            return bytesPerSecond == Long.MAX_VALUE;
        }
    }

    private RateLimit(long bytesPerSecond) {
        this.bucket = new AtomicReference<>(new Bucket(bytesPerSecond, 0, 0));
    }

    /**
     * Returns a new limit, with a full bucket.
     *
     * @throws IllegalArgumentException if the rate is less than 1
     */
    public static RateLimit of(long bytesPerSecond) {
        return new RateLimit(checked(bytesPerSecond));
    }

    /** Returns the absence of a limit. */
    public static RateLimit unlimited() {
        return UNLIMITED;
    }

    private static long checked(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, was " + bytesPerSecond);
        }
        return bytesPerSecond;
    }

    /** Returns the bytes per second; {@link Long#MAX_VALUE} without a limit. */
    public long bytesPerSecond() {
        return bucket.get().bytesPerSecond();
    }

    /**
     * Changes the limit while it is in use. A debt from before takes as long as its bytes take at the new rate, and never
     * longer than at the old one.
     *
     * @throws IllegalArgumentException if the rate is less than 1
     * @throws IllegalStateException for {@link #unlimited()}
     */
    public void change(long bytesPerSecond) {
        if (this == UNLIMITED) {
            throw new IllegalStateException("unlimited() cannot be changed; use of(bytesPerSecond)");
        }
        long to = checked(bytesPerSecond);
        bucket.updateAndGet(old -> {
            double shorter = Math.min(1, (double) old.bytesPerSecond() / to);
            return new Bucket(to, old.asOf(), (long) (old.missing() * shorter));
        });
    }

    /** Returns true if nothing is limited. */
    public boolean isUnlimited() {
        return bucket.get().isUnlimited();
    }

    /**
     * Takes bytes out of the bucket if it is not empty. A block may be longer than what is left: the debt delays the
     * next one.
     *
     * @param bytes 0 or more
     * @param now the time in nanoseconds of the callers' clock, which may have any origin
     * @return true if the bytes were taken and may be sent or requested now
     */
    public boolean tryTake(int bytes, long now) {
        while (true) {
            Bucket before = bucket.get();
            if (before.isUnlimited()) {
                return true;
            }
            long missing = before.missing(now);
            if (missing > BURST) {
                return false;
            }
            // a caller whose time is older than the last change must not move the bucket back
            long asOf = before.missing() > 0 ? Math.max(0, now - before.asOf()) + before.asOf() : now;
            Bucket after = new Bucket(before.bytesPerSecond(), asOf, missing + before.duration(bytes));
            if (bucket.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /**
     * Returns the nanoseconds until {@link #tryTake} may succeed, 0 if it may now. Others may be faster, so it can fail
     * then.
     *
     * @param now the time in nanoseconds of the callers' clock
     */
    public long nanosUntilReady(long now) {
        Bucket current = bucket.get();
        return current.isUnlimited() ? 0 : Math.max(0, current.missing(now) - BURST);
    }

    /** Returns bytes that were taken and are neither sent nor requested. The bucket never holds more than when full. */
    public void giveBack(int bytes) {
        bucket.updateAndGet(old -> old.isUnlimited()
                ? old
                : new Bucket(old.bytesPerSecond(), old.asOf(), Math.max(0, old.missing() - old.duration(bytes))));
    }
}
