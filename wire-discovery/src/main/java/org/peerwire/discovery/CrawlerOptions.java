/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.crawl.Crawl;
import org.peerwire.metadata.MetadataOptions;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The options of a {@link MetadataCrawler}. Immutable; created by {@link #builder()}. */
public final class CrawlerOptions {
    private static final CrawlerOptions DEFAULTS = builder().build();

    private final int maxHashes;
    private final Crawl.Limits limits;
    private final @Nullable Scheduler scheduler;

    private CrawlerOptions(Builder set) {
        this.maxHashes = set.maxHashes;
        this.limits = new Crawl.Limits(
                set.maxWires,
                set.wiresPerHash,
                set.peersPerHash,
                set.maxSize,
                set.deadline,
                set.peerTimeout,
                set.allowLocal);
        this.scheduler = set.scheduler;
    }

    /** Returns the default options. */
    public static CrawlerOptions defaults() {
        return DEFAULTS;
    }

    /** Creates a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    Crawl.Limits limits() {
        return limits;
    }

    /** Returns the maximum number of hashes at a time, which is that of lookups too. Default 32, range 1 to 10,000. */
    public int maxHashes() {
        return maxHashes;
    }

    /** Returns the maximum number of dials and wires of all hashes together. Default 64, range 1 to 10,000. */
    public int maxWires() {
        return limits.maxWires();
    }

    /** Returns the maximum number of dials and wires of one hash at a time. Default 4, range 1 to 100. */
    public int wiresPerHash() {
        return limits.wiresPerHash();
    }

    /** Returns the maximum number of addresses that are tried for one hash. Default 100, range 1 to 10,000. */
    public int peersPerHash() {
        return limits.peersPerHash();
    }

    /**
     * Returns the largest metadata that is accepted, in bytes. Default 4 MiB, range 1 to {@link
     * MetadataOptions#MAX_SIZE}. Each of {@link #maxWires()} may hold a few copies of it in the worst case.
     */
    public int maxSize() {
        return limits.maxSize();
    }

    /** Returns the time for one hash, with its lookup. Default 60 s, range 1 ms to 1 day. */
    public Duration deadline() {
        return limits.deadline();
    }

    /** Returns the time for one peer, with its dial. Default 20 s, range 1 ms to 1 day. */
    public Duration peerTimeout() {
        return limits.peerTimeout();
    }

    /**
     * Returns true if addresses of the local network and this machine are dialled. Default false: strangers tell the
     * addresses.
     */
    public boolean allowLocal() {
        return limits.allowLocal();
    }

    /**
     * Returns the source of all time. Default {@link Schedulers#parallel()}, looked up at each call, so that virtual time
     * works.
     */
    public Scheduler scheduler() {
        return scheduler != null ? scheduler : Schedulers.parallel();
    }

    /** A builder of options. */
    public static final class Builder {
        private static final Duration LEAST = Duration.ofMillis(1);
        private static final Duration MOST = Duration.ofDays(1);

        private int maxHashes = 32;
        private int maxWires = 64;
        private int wiresPerHash = 4;
        private int peersPerHash = 100;
        private int maxSize = 4 * 1024 * 1024;
        private Duration deadline = Duration.ofSeconds(60);
        private Duration peerTimeout = Duration.ofSeconds(20);
        private boolean allowLocal;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** Sets {@link CrawlerOptions#maxHashes()}. */
        public Builder maxHashes(int maxHashes) {
            this.maxHashes = checked("maxHashes", maxHashes, 10_000);
            return this;
        }

        /** Sets {@link CrawlerOptions#maxWires()}. */
        public Builder maxWires(int maxWires) {
            this.maxWires = checked("maxWires", maxWires, 10_000);
            return this;
        }

        /** Sets {@link CrawlerOptions#wiresPerHash()}. */
        public Builder wiresPerHash(int wiresPerHash) {
            this.wiresPerHash = checked("wiresPerHash", wiresPerHash, 100);
            return this;
        }

        /** Sets {@link CrawlerOptions#peersPerHash()}. */
        public Builder peersPerHash(int peersPerHash) {
            this.peersPerHash = checked("peersPerHash", peersPerHash, 10_000);
            return this;
        }

        /** Sets {@link CrawlerOptions#maxSize()}. */
        public Builder maxSize(int maxSize) {
            this.maxSize = checked("maxSize", maxSize, MetadataOptions.MAX_SIZE);
            return this;
        }

        /** Sets {@link CrawlerOptions#deadline()}. */
        public Builder deadline(Duration deadline) {
            this.deadline = checked("deadline", deadline);
            return this;
        }

        /** Sets {@link CrawlerOptions#peerTimeout()}. */
        public Builder peerTimeout(Duration peerTimeout) {
            this.peerTimeout = checked("peerTimeout", peerTimeout);
            return this;
        }

        /** Sets {@link CrawlerOptions#allowLocal()}. */
        public Builder allowLocal(boolean allowLocal) {
            this.allowLocal = allowLocal;
            return this;
        }

        /** Sets {@link CrawlerOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        private static int checked(String name, int value, int most) {
            if (value < 1 || value > most) {
                throw new IllegalArgumentException(name + " must be 1 to " + most + ", was " + value);
            }
            return value;
        }

        private static Duration checked(String name, Duration value) {
            if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
                throw new IllegalArgumentException(name + " must be " + LEAST + " to " + MOST + ", was " + value);
            }
            return value;
        }

        /** Returns the options. */
        public CrawlerOptions build() {
            return new CrawlerOptions(this);
        }
    }
}
