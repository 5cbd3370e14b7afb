/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The limits of a metadata exchange. Immutable; the {@code with…} methods return another. */
public final class MetadataOptions {
    /** The most {@link #maxSize()} can be: 64 MiB. The largest metadata seen in torrent files has 24 MiB. */
    public static final int MAX_SIZE = 64 * 1024 * 1024;

    private static final MetadataOptions DEFAULTS =
            new MetadataOptions(16 * 1024 * 1024, 4, Duration.ofSeconds(20), Duration.ofMinutes(2), 32, 4, null);

    private final int maxSize;
    private final int window;
    private final Duration requestTimeout;
    private final Duration idleTimeout;
    private final int maxAttempts;
    private final int maxSizes;
    private final @Nullable Scheduler scheduler;

    private MetadataOptions(
            int maxSize,
            int window,
            Duration requestTimeout,
            Duration idleTimeout,
            int maxAttempts,
            int maxSizes,
            @Nullable Scheduler scheduler) {
        if (maxSize < 1 || maxSize > MAX_SIZE || window < 1 || maxAttempts < 1 || maxSizes < 1) {
            throw new IllegalArgumentException("a limit is out of its range");
        }
        if (requestTimeout.isNegative()
                || requestTimeout.isZero()
                || idleTimeout.isNegative()
                || idleTimeout.isZero()) {
            throw new IllegalArgumentException("a timeout has to be longer than nothing");
        }
        this.maxSize = maxSize;
        this.window = window;
        this.requestTimeout = requestTimeout;
        this.idleTimeout = idleTimeout;
        this.maxAttempts = maxAttempts;
        this.maxSizes = maxSizes;
        this.scheduler = scheduler;
    }

    /** The options when none are given. */
    public static MetadataOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Largest metadata accepted, in bytes, 1 to {@link #MAX_SIZE}; a peer that claims more is not asked. Default 16
     * MiB, as anacrolix/torrent has it; real metadata is seldom over 4 MiB.
     *
     * <p>Memory is taken for the pieces that have come, never for a size that is claimed. A peer that sends wrong data
     * can still make a fetch hold what it has sent: one copy that all fill together and at most eight of single peers, for
     * each of {@link #maxSizes()}.
     */
    public int maxSize() {
        return maxSize;
    }

    /**
     * Pieces of 16 KiB asked for at a time from each peer, from 1. More is faster over long ways; peers may reject what
     * goes beyond their own limits. Default 4.
     */
    public int window() {
        return window;
    }

    /**
     * After this long without an answer a piece may be asked for again, from the same peer three times at most and not
     * within 3 s, or 60 s after a reject; an answer that comes later is still taken. Shorter asks slow peers in vain,
     * longer waits for silent ones. Default 20 s.
     */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /**
     * After this long without a new wire or a useful piece the fetch fails; so a swarm of silent peers does not hold it
     * for ever. Default 2 minutes.
     */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * Complete but wrong metadata after which the fetch fails; each costs a liar its place, so with more liars than this
     * an honest peer may not get its turn. From 1, default 32.
     */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * Different sizes peers may claim that are followed at the same time, those of most peers first; another has its turn
     * after a minute. One peer may claim eight in turn. With 1, the first liar holds up all others. From 1, default 4.
     */
    public int maxSizes() {
        return maxSizes;
    }

    /**
     * Where all time comes from, and where results are signalled. Without one of your own this is
     * {@link Schedulers#parallel()}, looked up when it is asked for.
     */
    public Scheduler scheduler() {
        return scheduler != null ? scheduler : Schedulers.parallel();
    }

    /** With this {@link #maxSize()}. */
    public MetadataOptions withMaxSize(int maxSize) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #window()}. */
    public MetadataOptions withWindow(int window) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #requestTimeout()}. */
    public MetadataOptions withRequestTimeout(Duration requestTimeout) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #idleTimeout()}. */
    public MetadataOptions withIdleTimeout(Duration idleTimeout) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #maxAttempts()}. */
    public MetadataOptions withMaxAttempts(int maxAttempts) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #maxSizes()}. */
    public MetadataOptions withMaxSizes(int maxSizes) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }

    /** With this {@link #scheduler()}. */
    public MetadataOptions withScheduler(Scheduler scheduler) {
        return new MetadataOptions(maxSize, window, requestTimeout, idleTimeout, maxAttempts, maxSizes, scheduler);
    }
}
