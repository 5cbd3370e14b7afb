/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;

/**
 * What a peer may tell us, how often, and what of it is remembered. Immutable: {@link #builder()}, {@link #mutate()},
 * {@link PexOptions.Builder#limits}. What is left out or ignored is counted in {@link UtPex#ignored()}.
 */
public final class PexLimits {
    private static final PexLimits DEFAULTS = builder().build();

    private final Builder set;

    private PexLimits(Builder set) {
        this.set = set;
    }

    /** The limits when none are given: safe against hostile peers, and wide enough for the clients of the field. */
    public static PexLimits defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these limits. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * A peer may send one message in this time on average; one that comes sooner is ignored. Default 60 s, as BEP 11
     * says. Shorter lets a peer have us work more often; longer ignores honest ones.
     */
    public Duration receiveInterval() {
        return set.receiveInterval;
    }

    /**
     * Messages a peer may send at once after a time of silence. Default 4: libtorrent and Transmission send one right
     * after the handshake and the next a minute later, and some jitter is added. With less, honest peers lose messages.
     */
    public int receiveBurst() {
        return set.receiveBurst;
    }

    /**
     * With this many messages that came too soon, the wire is closed: {@link PexException}. Each message in time makes
     * up for one, so only who sends more than twice as often as allowed gets there. Default 6, as libtorrent looks at
     * the last six.
     */
    public int tolerated() {
        return set.tolerated;
    }

    /**
     * Added peers used at most from the first message of a peer, IPv4 and IPv6 together; the rest is ignored. BEP 11 sets
     * no limit for this message. Default 200.
     */
    public int firstUsed() {
        return set.firstUsed;
    }

    /**
     * Added peers used at most from each later message of a peer, IPv4 and IPv6 together; the rest is ignored. BEP 11
     * allows 50, libtorrent sends 100. Default 100.
     */
    public int laterUsed() {
        return set.laterUsed;
    }

    /**
     * Longest message taken from a peer, in bytes behind the id of the extension; a longer one ends the wire before it
     * has arrived. 50 peers take 900 bytes at most. Default 64 KiB; libtorrent takes 500 KiB.
     */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /**
     * Peers used at most of one IPv4 address or IPv6 /64 in one message, so that a peer cannot point us at many ports of
     * a victim; BEP 11 wants further ports of one address ignored. Not for loopback and private addresses. Default 1.
     */
    public int maxPerAddress() {
        return set.maxPerAddress;
    }

    /**
     * Peers used at most of one IPv4 /24 or IPv6 /48 in one message, so that a peer cannot fill our places with its own
     * machines. Not for loopback and private addresses. Default 4.
     */
    public int maxPerNetwork() {
        return set.maxPerNetwork;
    }

    /**
     * Peers nobody has reached yet that one sender may have us remember at a time, and dial on its word. Of one message no
     * more are taken; when later messages add more, the sender's oldest are dropped. Default 50, what BEP 11 allows in a
     * message. Raise it for a program that only watches and dials nobody. What counts as reached, {@link UtPex#events}
     * and {@link PexSwarm} say.
     */
    public int maxUnproven() {
        return set.maxUnproven;
    }

    /**
     * Peers remembered at most in each direction of a wire. When a peer adds more, its oldest are dropped for it; of
     * the peers to be told, more are left out. This bounds the memory a wire takes. Default 400: eight
     * messages of 50.
     */
    public int remembered() {
        return set.remembered;
    }

    /**
     * Peers a {@link PexSwarm} knows by hearsay at most, from all its wires together. For a new one the oldest goes of
     * the wire that has told the most. Default 2,000, as in rain.
     */
    public int maxKnown() {
        return set.maxKnown;
    }

    /** Collects limits; each method says what it sets in the method of {@link PexLimits} of the same name. */
    public static final class Builder implements Cloneable {
        private Duration receiveInterval = Duration.ofSeconds(60);
        private int receiveBurst = 4;
        private int tolerated = 6;
        private int firstUsed = 200;
        private int laterUsed = 100;
        private int maxMessageLength = 64 * 1024;
        private int maxPerAddress = 1;
        private int maxPerNetwork = 4;
        private int maxUnproven = 50;
        private int remembered = 400;
        private int maxKnown = 2000;

        private Builder() {}

        /** See {@link PexLimits#receiveInterval()}; 1 ms or more. */
        public Builder receiveInterval(Duration receiveInterval) {
            this.receiveInterval = atLeast("receiveInterval", receiveInterval, Duration.ofMillis(1));
            return this;
        }

        /** See {@link PexLimits#receiveBurst()}; 1 to 1,000. */
        public Builder receiveBurst(int receiveBurst) {
            this.receiveBurst = range("receiveBurst", receiveBurst, 1, 1000);
            return this;
        }

        /** See {@link PexLimits#tolerated()}; 1 to 1,000,000. */
        public Builder tolerated(int tolerated) {
            this.tolerated = range("tolerated", tolerated, 1, 1_000_000);
            return this;
        }

        /** See {@link PexLimits#firstUsed()}; 0 to 10,000. */
        public Builder firstUsed(int firstUsed) {
            this.firstUsed = range("firstUsed", firstUsed, 0, 10_000);
            return this;
        }

        /** See {@link PexLimits#laterUsed()}; 0 to 10,000. */
        public Builder laterUsed(int laterUsed) {
            this.laterUsed = range("laterUsed", laterUsed, 0, 10_000);
            return this;
        }

        /** See {@link PexLimits#maxMessageLength()}; 1,024 to 1,048,576. */
        public Builder maxMessageLength(int maxMessageLength) {
            this.maxMessageLength = range("maxMessageLength", maxMessageLength, 1024, 1_048_576);
            return this;
        }

        /** See {@link PexLimits#maxPerAddress()}; 1 to 10,000. */
        public Builder maxPerAddress(int maxPerAddress) {
            this.maxPerAddress = range("maxPerAddress", maxPerAddress, 1, 10_000);
            return this;
        }

        /** See {@link PexLimits#maxPerNetwork()}; 1 to 10,000. */
        public Builder maxPerNetwork(int maxPerNetwork) {
            this.maxPerNetwork = range("maxPerNetwork", maxPerNetwork, 1, 10_000);
            return this;
        }

        /** See {@link PexLimits#maxUnproven()}; 0 to 65,536. */
        public Builder maxUnproven(int maxUnproven) {
            this.maxUnproven = range("maxUnproven", maxUnproven, 0, 65_536);
            return this;
        }

        /** See {@link PexLimits#remembered()}; 1 to 65,536. */
        public Builder remembered(int remembered) {
            this.remembered = range("remembered", remembered, 1, 65_536);
            return this;
        }

        /** See {@link PexLimits#maxKnown()}; 1 to 1,000,000. */
        public Builder maxKnown(int maxKnown) {
            this.maxKnown = range("maxKnown", maxKnown, 1, 1_000_000);
            return this;
        }

        /** The limits. */
        public PexLimits build() {
            return new PexLimits(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static int range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    static Duration atLeast(String name, Duration value, Duration min) {
        if (value.compareTo(min) < 0) {
            throw new IllegalArgumentException(name + " is " + min + " or more, not " + value);
        }
        return value;
    }
}
