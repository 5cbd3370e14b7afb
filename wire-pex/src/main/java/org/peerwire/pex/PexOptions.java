/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Every limit and every clock of peer exchange. Immutable: {@link #builder()}, {@link #mutate()}. The defaults follow
 * BEP 11 and what the clients of the field do, and are safe against hostile peers.
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
     * How often we look whether there is something to tell; what changes in between is told together. At
     * least 100 ms; default 1 s.
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
     * Peers remembered at most in each direction of a wire. When a peer adds more, its oldest are dropped for it; of
     * the peers to be told, more are left out. Default 400.
     *
     * <p>This is the only limit on what one sender may have us know: there is no smaller one, such as 50, for addresses
     * that nobody has reached yet.
     */
    public int remembered() {
        return set.remembered;
    }

    /** A peer may send one message in this time on average. More are ignored. Default 60 s. */
    public Duration receiveInterval() {
        return set.receiveInterval;
    }

    /** Messages a peer may send at once after a time of silence. Default 4. */
    public int receiveBurst() {
        return set.receiveBurst;
    }

    /** With this many messages in a row that come too soon, the wire is closed: {@link PexException}. Default 6. */
    public int tolerated() {
        return set.tolerated;
    }

    /** Added peers used at most from the first message of a peer. Default 200. */
    public int firstUsed() {
        return set.firstUsed;
    }

    /** Added peers used at most from each later message of a peer. Default 100, as libtorrent sends. */
    public int laterUsed() {
        return set.laterUsed;
    }

    /** Longest message taken from a peer, in bytes; a longer one ends the wire. Default 64 KiB. */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /**
     * Peers used at most of one IPv4 address or IPv6 /64 in one message. Not for loopback and private addresses.
     * Default 1.
     */
    public int maxPerAddress() {
        return set.maxPerAddress;
    }

    /**
     * Peers used at most of one IPv4 /24 or IPv6 /48 in one message. Not for loopback and private addresses. Default 4.
     */
    public int maxPerNetwork() {
        return set.maxPerNetwork;
    }

    /**
     * Peers a {@link PexSwarm} knows by hearsay at most. For a new one the oldest goes of the wire that has told the
     * most. Default 2,000.
     */
    public int maxKnown() {
        return set.maxKnown;
    }

    /** Candidates handed out a second, on average, by {@link PexSwarm#candidates}. Default 10. */
    public int dialRate() {
        return set.dialRate;
    }

    /** Whether a {@link PexSwarm} tells its wires of each other. If not, it only listens. Default true. */
    public boolean telling() {
        return set.telling;
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
        private int remembered = 400;
        private Duration receiveInterval = Duration.ofSeconds(60);
        private int receiveBurst = 4;
        private int tolerated = 6;
        private int firstUsed = 200;
        private int laterUsed = 100;
        private int maxMessageLength = 64 * 1024;
        private int maxPerAddress = 1;
        private int maxPerNetwork = 4;
        private int maxKnown = 2000;
        private int dialRate = 10;
        private boolean telling = true;
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
            this.interval = atLeast("interval", interval, Duration.ofSeconds(60));
            return this;
        }

        /** See {@link PexOptions#gatherTime()}; 100 ms or more. */
        public Builder gatherTime(Duration gatherTime) {
            this.gatherTime = atLeast("gatherTime", gatherTime, Duration.ofMillis(100));
            return this;
        }

        /** See {@link PexOptions#firstAdded()}; 1 to 200. */
        public Builder firstAdded(int firstAdded) {
            this.firstAdded = range("firstAdded", firstAdded, 1, 200);
            return this;
        }

        /** See {@link PexOptions#maxAdded()}; 1 to 50. */
        public Builder maxAdded(int maxAdded) {
            this.maxAdded = range("maxAdded", maxAdded, 1, 50);
            return this;
        }

        /** See {@link PexOptions#maxDropped()}; 1 to 50. */
        public Builder maxDropped(int maxDropped) {
            this.maxDropped = range("maxDropped", maxDropped, 1, 50);
            return this;
        }

        /** See {@link PexOptions#holdBelow()}; 0 to 25. */
        public Builder holdBelow(int holdBelow) {
            this.holdBelow = range("holdBelow", holdBelow, 0, 25);
            return this;
        }

        /** See {@link PexOptions#remembered()}; 1 to 65,536. */
        public Builder remembered(int remembered) {
            this.remembered = range("remembered", remembered, 1, 65_536);
            return this;
        }

        /** See {@link PexOptions#receiveInterval()}; 1 ms or more. */
        public Builder receiveInterval(Duration receiveInterval) {
            this.receiveInterval = atLeast("receiveInterval", receiveInterval, Duration.ofMillis(1));
            return this;
        }

        /** See {@link PexOptions#receiveBurst()}; 1 to 1,000. */
        public Builder receiveBurst(int receiveBurst) {
            this.receiveBurst = range("receiveBurst", receiveBurst, 1, 1000);
            return this;
        }

        /** See {@link PexOptions#tolerated()}; 1 to 1,000,000. */
        public Builder tolerated(int tolerated) {
            this.tolerated = range("tolerated", tolerated, 1, 1_000_000);
            return this;
        }

        /** See {@link PexOptions#firstUsed()}; 0 to 10,000. */
        public Builder firstUsed(int firstUsed) {
            this.firstUsed = range("firstUsed", firstUsed, 0, 10_000);
            return this;
        }

        /** See {@link PexOptions#laterUsed()}; 0 to 10,000. */
        public Builder laterUsed(int laterUsed) {
            this.laterUsed = range("laterUsed", laterUsed, 0, 10_000);
            return this;
        }

        /** See {@link PexOptions#maxMessageLength()}; 1,024 to 1,048,576. */
        public Builder maxMessageLength(int maxMessageLength) {
            this.maxMessageLength = range("maxMessageLength", maxMessageLength, 1024, 1_048_576);
            return this;
        }

        /** See {@link PexOptions#maxPerAddress()}; 1 to 10,000. */
        public Builder maxPerAddress(int maxPerAddress) {
            this.maxPerAddress = range("maxPerAddress", maxPerAddress, 1, 10_000);
            return this;
        }

        /** See {@link PexOptions#maxPerNetwork()}; 1 to 10,000. */
        public Builder maxPerNetwork(int maxPerNetwork) {
            this.maxPerNetwork = range("maxPerNetwork", maxPerNetwork, 1, 10_000);
            return this;
        }

        /** See {@link PexOptions#maxKnown()}; 1 to 1,000,000. */
        public Builder maxKnown(int maxKnown) {
            this.maxKnown = range("maxKnown", maxKnown, 1, 1_000_000);
            return this;
        }

        /** See {@link PexOptions#dialRate()}; 1 to 1,000. */
        public Builder dialRate(int dialRate) {
            this.dialRate = range("dialRate", dialRate, 1, 1000);
            return this;
        }

        /** See {@link PexOptions#telling()}. */
        public Builder telling(boolean telling) {
            this.telling = telling;
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

        private static int range(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
            }
            return value;
        }

        private static Duration atLeast(String name, Duration value, Duration min) {
            if (value.compareTo(min) < 0) {
                throw new IllegalArgumentException(name + " is " + min + " or more, not " + value);
            }
            return value;
        }
    }
}
