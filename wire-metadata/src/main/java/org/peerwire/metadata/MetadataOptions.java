/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The limits and the clock of a metadata exchange. Immutable: {@link #builder()}, {@link #mutate()}. */
public final class MetadataOptions {
    /**
     * The upper bound of {@link #maxSize()}, in bytes: 64 MiB. The largest info dictionary found in torrent files has
     * 24 MiB.
     */
    public static final int MAX_SIZE = 64 * 1024 * 1024;

    private static final MetadataOptions DEFAULTS = builder().build();

    private final Builder set;

    private MetadataOptions(Builder set) {
        this.set = set;
    }

    /** Returns the default options. */
    public static MetadataOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the largest metadata that is accepted, in bytes. Default 16 MiB; 1 to {@link #MAX_SIZE}. A peer that
     * claims more is excluded from the fetch. anacrolix/torrent has the same default; real metadata rarely exceeds 4
     * MiB.
     *
     * <p>A fetch uses memory for received pieces, not for a claimed size. Wrong data stays in memory for a while. The
     * limit is nine copies for each of {@link #maxSizes()}: one that all peers fill together, and eight of single
     * peers.
     */
    public int maxSize() {
        return set.maxSize;
    }

    /**
     * Returns the number of outstanding requests to each peer, in pieces of 16 KiB. Default 4; 1 to 4,096. At the limit
     * the next request waits for an answer or a timeout. A larger window is faster over a long round trip. A peer may
     * reject requests beyond its own limit.
     */
    public int window() {
        return set.window;
    }

    /**
     * Returns the time that an answer may take. Default 20 s; 1 ms to 365 days. After it the piece may be requested
     * again, and a late answer is still used.
     *
     * <p>One peer receives at most three requests for a piece. They are 3 s apart or more, and 60 s or more after a
     * second reject. A shorter time costs useless requests to slow peers; a longer time waits for silent ones.
     */
    public Duration requestTimeout() {
        return set.requestTimeout;
    }

    /**
     * Returns the time without progress after which a fetch fails. Default 2 minutes; 1 ms to 365 days. A new wire or a
     * useful piece is progress. At the limit it fails with {@link MetadataException}. So a swarm of silent peers cannot
     * hold it forever.
     */
    public Duration idleTimeout() {
        return set.idleTimeout;
    }

    /**
     * Returns the number of complete but wrong results after which a fetch fails. Default 32; 1 or more. At the limit
     * the fetch fails with {@link MetadataException} INVALID. Each attempt excludes one lying peer. With more liars
     * than attempts, an honest peer may not get its turn.
     */
    public int maxAttempts() {
        return set.maxAttempts;
    }

    /**
     * Returns the number of different claimed sizes that a fetch follows at the same time. Default 4; 1 or more. At the
     * limit the sizes with the most peers come first, and another size gets its turn after a minute. With 1, the first
     * liar delays all other peers. One peer may claim eight sizes in turn.
     */
    public int maxSizes() {
        return set.maxSizes;
    }

    /**
     * Returns the scheduler of all timers and of the result of a fetch. Default {@link Schedulers#parallel()},
     * which is looked up at each call, so that virtual time can replace it.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /** Collects options. Each method links to the getter, which documents the option. */
    public static final class Builder implements Cloneable {
        private int maxSize = 16 * 1024 * 1024;
        private int window = 4;
        private Duration requestTimeout = Duration.ofSeconds(20);
        private Duration idleTimeout = Duration.ofMinutes(2);
        private int maxAttempts = 32;
        private int maxSizes = 4;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** Sets {@link MetadataOptions#maxSize()}. */
        public Builder maxSize(int maxSize) {
            this.maxSize = Ranges.check("maxSize", maxSize, 1, MAX_SIZE);
            return this;
        }

        /** Sets {@link MetadataOptions#window()}. */
        public Builder window(int window) {
            this.window = Ranges.check("window", window, 1, MetadataMessage.count(MAX_SIZE));
            return this;
        }

        /** Sets {@link MetadataOptions#requestTimeout()}. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = Ranges.check("requestTimeout", requestTimeout);
            return this;
        }

        /** Sets {@link MetadataOptions#idleTimeout()}. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = Ranges.check("idleTimeout", idleTimeout);
            return this;
        }

        /** Sets {@link MetadataOptions#maxAttempts()}. */
        public Builder maxAttempts(int maxAttempts) {
            this.maxAttempts = Ranges.atLeast("maxAttempts", maxAttempts, 1);
            return this;
        }

        /** Sets {@link MetadataOptions#maxSizes()}. */
        public Builder maxSizes(int maxSizes) {
            this.maxSizes = Ranges.atLeast("maxSizes", maxSizes, 1);
            return this;
        }

        /** Sets {@link MetadataOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Returns the options. */
        public MetadataOptions build() {
            return new MetadataOptions(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
