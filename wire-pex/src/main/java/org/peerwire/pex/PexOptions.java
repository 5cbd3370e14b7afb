/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The options of peer exchange: the messages that we send, the clock, the limits and the policy. Immutable; created by
 * {@link #builder()} or {@link #mutate()}. The defaults follow BEP 11 and known clients, and stop hostile peers.
 */
public final class PexOptions {
    private static final PexOptions DEFAULTS = builder().build();

    private final Builder set;

    private PexOptions(Builder set) {
        this.set = set;
    }

    /** Returns the default options. */
    public static PexOptions defaults() {
        return DEFAULTS;
    }

    /** Creates a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Creates a builder with these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the source of all time. Default {@link Schedulers#parallel()}, looked up at each subscription, so that
     * virtual time works.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /**
     * Returns the minimum time between two messages that we send on a wire. Default 65 s, range 60 s to 365 days.
     * Changes within the interval are sent together after it. Source: BEP 11 asks for 60 s, and peers disconnect faster
     * senders; the default leaves a margin.
     */
    public Duration interval() {
        return set.interval;
    }

    /**
     * Returns the interval at which we look for changes to send. Default 1 s, range 100 ms to 365 days. Changes within
     * it are sent together; an addition and a drop of the same peer cancel each other.
     */
    public Duration gatherTime() {
        return set.gatherTime;
    }

    /**
     * Returns the number of peers added in the first message that we send on a wire, IPv4 and IPv6 together. Default
     * 100, range 1 to 200. Further peers follow in the next messages. Source: libtorrent.
     */
    public int firstAdded() {
        return set.firstAdded;
    }

    /**
     * Returns the number of peers added in each later message that we send, IPv4 and IPv6 together. Default 50, range 1
     * to 50. Further peers follow in the next messages. Source: BEP 11.
     */
    public int maxAdded() {
        return set.maxAdded;
    }

    /**
     * Returns the number of peers dropped in each message that we send, IPv4 and IPv6 together. Default 50, range 1 to
     * 50. Further drops follow in the next messages. Source: BEP 11.
     */
    public int maxDropped() {
        return set.maxDropped;
    }

    /**
     * Returns the number of live peers below which drops are delayed by one {@link #interval()}. Default 25, range 0 to
     * 25; 0 delays no drop. At most this many drops are delayed. A small swarm reconnects more easily this way. Source:
     * BEP 11.
     */
    public int holdBelow() {
        return set.holdBelow;
    }

    /**
     * Returns the average number of candidates per second from {@link PexSwarm#candidates}. Default 10, range 1 to
     * 1,000. Further candidates wait. The limit prevents all clients from dialling a new peer at once.
     */
    public int dialRate() {
        return set.dialRate;
    }

    /**
     * Returns true if a {@link PexSwarm} announces its wires to each other, and false if it only listens. Default true.
     */
    public boolean telling() {
        return set.telling;
    }

    /**
     * Returns the limits for the messages of a peer. Default {@link PexLimits#defaults()}.
     */
    public PexLimits limits() {
        return set.limits;
    }

    /**
     * Returns the policy that decides which addresses are accepted and announced. Default {@link PexPolicy#standard()}.
     */
    public PexPolicy policy() {
        return set.policy;
    }

    /**
     * Builds options. Each setter throws {@link IllegalArgumentException} for a value outside the range of its option.
     */
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

        /** Sets {@link PexOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Sets {@link PexOptions#interval()}. */
        public Builder interval(Duration interval) {
            this.interval = Ranges.check("interval", interval, Duration.ofSeconds(60));
            return this;
        }

        /** Sets {@link PexOptions#gatherTime()}. */
        public Builder gatherTime(Duration gatherTime) {
            this.gatherTime = Ranges.check("gatherTime", gatherTime, Duration.ofMillis(100));
            return this;
        }

        /** Sets {@link PexOptions#firstAdded()}. */
        public Builder firstAdded(int firstAdded) {
            this.firstAdded = Ranges.check("firstAdded", firstAdded, 1, 200);
            return this;
        }

        /** Sets {@link PexOptions#maxAdded()}. */
        public Builder maxAdded(int maxAdded) {
            this.maxAdded = Ranges.check("maxAdded", maxAdded, 1, 50);
            return this;
        }

        /** Sets {@link PexOptions#maxDropped()}. */
        public Builder maxDropped(int maxDropped) {
            this.maxDropped = Ranges.check("maxDropped", maxDropped, 1, 50);
            return this;
        }

        /** Sets {@link PexOptions#holdBelow()}. */
        public Builder holdBelow(int holdBelow) {
            this.holdBelow = Ranges.check("holdBelow", holdBelow, 0, 25);
            return this;
        }

        /** Sets {@link PexOptions#dialRate()}. */
        public Builder dialRate(int dialRate) {
            this.dialRate = Ranges.check("dialRate", dialRate, 1, 1000);
            return this;
        }

        /** Sets {@link PexOptions#telling()}. */
        public Builder telling(boolean telling) {
            this.telling = telling;
            return this;
        }

        /** Changes {@link PexOptions#limits()}: {@code limits(limits -> limits.remembered(100))}. */
        public Builder limits(UnaryOperator<PexLimits.Builder> change) {
            this.limits = change.apply(limits.mutate()).build();
            return this;
        }

        /** Sets {@link PexOptions#policy()}. */
        public Builder policy(PexPolicy policy) {
            this.policy = policy;
            return this;
        }

        /** Creates the options. */
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
