/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The options of {@link LocalPeers}. Immutable; created by {@link #builder()}. */
public final class LocalPeersOptions {
    private static final LocalPeersOptions DEFAULTS = builder().build();

    private final Duration interval;
    private final boolean loopback;
    private final @Nullable Scheduler scheduler;

    private LocalPeersOptions(Builder set) {
        this.interval = set.interval;
        this.loopback = set.loopback;
        this.scheduler = set.scheduler;
    }

    /** Returns the default options. */
    public static LocalPeersOptions defaults() {
        return DEFAULTS;
    }

    /** Creates a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the time between two announces of a torrent. Default 5 min, range 1 min to 1 day. Many torrents on one
     * machine are announced less often, because a packet has room for 24 and is sent at most once a minute. Source: BEP
     * 14.
     */
    public Duration interval() {
        return interval;
    }

    /**
     * Returns true if the loopback interface counts as a network. Default false: then only other machines, and programs
     * on this machine that share a network interface with us, are found.
     */
    public boolean loopback() {
        return loopback;
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
        private static final Duration LEAST = Duration.ofMinutes(1);
        private static final Duration MOST = Duration.ofDays(1);

        private Duration interval = Duration.ofMinutes(5);
        private boolean loopback;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** Sets {@link LocalPeersOptions#interval()}. */
        public Builder interval(Duration interval) {
            if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
                throw new IllegalArgumentException("interval must be " + LEAST + " to " + MOST + ", was " + interval);
            }
            this.interval = interval;
            return this;
        }

        /** Sets {@link LocalPeersOptions#loopback()}. */
        public Builder loopback(boolean loopback) {
            this.loopback = loopback;
            return this;
        }

        /** Sets {@link LocalPeersOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Returns the options. */
        public LocalPeersOptions build() {
            return new LocalPeersOptions(this);
        }
    }
}
