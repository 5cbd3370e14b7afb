/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What we tell and when, the clock, and the limits of peer exchange. Immutable: {@link #builder()}, {@link #mutate()}.
 * The defaults follow BEP 11 and what the clients of the field do, and are safe against hostile peers.
 */
public final class PexOptions {
    private static final PexOptions DEFAULTS = builder().build();

    private final Builder set;

    private PexOptions(Builder set) {
        this.set = set;
    }

    /** The options {@link UtPex} has when none are given. */
    public static PexOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Where all time comes from. Without one of your own this is {@link Schedulers#parallel()}, looked up when it is
     * asked for, that is at each subscription, so virtual time that replaces the schedulers works too.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /**
     * The least time between two messages we send on a wire. BEP 11 asks for 60 s and peers disconnect who is faster,
     * so this has a margin. At least 60 s; default 65 s.
     */
    public Duration interval() {
        return set.interval;
    }

    /**
     * How often we look whether there is something to tell; what changes in between is told together, or not at all
     * if it cancels out. At least 100 ms; default 1 s.
     */
    public Duration gatherTime() {
        return set.gatherTime;
    }

    /** Peers added at most in the first message we send, IPv4 and IPv6 together. Default 100, as libtorrent does. */
    public int firstAdded() {
        return set.firstAdded;
    }

    /**
     * Peers added at most in each later message we send, IPv4 and IPv6 together; more follow in the next ones. Default
     * 50, the most BEP 11 allows.
     */
    public int maxAdded() {
        return set.maxAdded;
    }

    /**
     * Peers dropped at most in each message we send, IPv4 and IPv6 together; more follow in the next ones. Default 50,
     * the most BEP 11 allows.
     */
    public int maxDropped() {
        return set.maxDropped;
    }

    /**
     * While fewer peers than this are live, those that are gone, this many at most, are dropped one {@link #interval()}
     * later: small swarms find together again more easily. Default 25, the most BEP 11 allows; 0 for never.
     */
    public int holdBelow() {
        return set.holdBelow;
    }

    /**
     * Candidates handed out a second, on average, by {@link PexSwarm#candidates}: with more, a newcomer that every peer of
     * a swarm hears of is dialled by all of them at once. Default 10.
     */
    public int dialRate() {
        return set.dialRate;
    }

    /** Whether a {@link PexSwarm} tells its wires of each other. If not, it only listens. Default true. */
    public boolean telling() {
        return set.telling;
    }

    /** What a peer may tell us and how much of it is remembered. Default {@link PexLimits#defaults()}. */
    public PexLimits limits() {
        return set.limits;
    }

    /** Which addresses are taken and told. Default {@link PexPolicy#standard()}. */
    public PexPolicy policy() {
        return set.policy;
    }

    /** Collects options; each method says what it sets in the method of {@link PexOptions} of the same name. */
    public static final class Builder implements Cloneable {
        private Duration interval = Duration.ofSeconds(65);
        private Duration gatherTime = Duration.ofSeconds(1);
        private int firstAdded = 100;
        private int maxAdded = 50;
        private int maxDropped = 50;
        private int holdBelow = 25;
        private int dialRate = 10;
        private boolean telling = true;
        private PexLimits limits = PexLimits.defaults();
        private PexPolicy policy = PexPolicy.standard();
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** See {@link PexOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** See {@link PexOptions#interval()}; 60 s or more. */
        public Builder interval(Duration interval) {
            this.interval = PexLimits.atLeast("interval", interval, Duration.ofSeconds(60));
            return this;
        }

        /** See {@link PexOptions#gatherTime()}; 100 ms or more. */
        public Builder gatherTime(Duration gatherTime) {
            this.gatherTime = PexLimits.atLeast("gatherTime", gatherTime, Duration.ofMillis(100));
            return this;
        }

        /** See {@link PexOptions#firstAdded()}; 1 to 200. */
        public Builder firstAdded(int firstAdded) {
            this.firstAdded = PexLimits.range("firstAdded", firstAdded, 1, 200);
            return this;
        }

        /** See {@link PexOptions#maxAdded()}; 1 to 50. */
        public Builder maxAdded(int maxAdded) {
            this.maxAdded = PexLimits.range("maxAdded", maxAdded, 1, 50);
            return this;
        }

        /** See {@link PexOptions#maxDropped()}; 1 to 50. */
        public Builder maxDropped(int maxDropped) {
            this.maxDropped = PexLimits.range("maxDropped", maxDropped, 1, 50);
            return this;
        }

        /** See {@link PexOptions#holdBelow()}; 0 to 25. */
        public Builder holdBelow(int holdBelow) {
            this.holdBelow = PexLimits.range("holdBelow", holdBelow, 0, 25);
            return this;
        }

        /** See {@link PexOptions#dialRate()}; 1 to 1,000. */
        public Builder dialRate(int dialRate) {
            this.dialRate = PexLimits.range("dialRate", dialRate, 1, 1000);
            return this;
        }

        /** See {@link PexOptions#telling()}. */
        public Builder telling(boolean telling) {
            this.telling = telling;
            return this;
        }

        /** Changes {@link PexOptions#limits()}: {@code limits(limits -> limits.remembered(100))}. */
        public Builder limits(UnaryOperator<PexLimits.Builder> change) {
            this.limits = change.apply(limits.mutate()).build();
            return this;
        }

        /** See {@link PexOptions#policy()}. */
        public Builder policy(PexPolicy policy) {
            this.policy = policy;
            return this;
        }

        /** The options. */
        public PexOptions build() {
            return new PexOptions(copy());
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
