/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;

/**
 * The limits for the messages of a peer and for the memory of a wire. Immutable; created by {@link #builder()},
 * {@link #mutate()} or {@link PexOptions.Builder#limits}. Each message or peer above a limit is counted in
 * {@link UtPex#ignored()}.
 */
public final class PexLimits {
    private static final PexLimits DEFAULTS = builder().build();

    private final Builder set;

    private PexLimits(Builder set) {
        this.set = set;
    }

    /** Returns the default limits, which stop hostile peers and accept the messages of known clients. */
    public static PexLimits defaults() {
        return DEFAULTS;
    }

    /** Creates a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Creates a builder with these limits. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the average interval between two messages that a peer may send. Default 60 s, range 1 ms to 365 days. A
     * message above this rate is ignored, after a burst of {@link #receiveBurst()}. Source: BEP 11.
     */
    public Duration receiveInterval() {
        return set.receiveInterval;
    }

    /**
     * Returns the number of messages that a peer may send at once after a silence. Default 4, range 1 to 1,000. Further
     * messages are ignored. With a smaller burst, honest peers lose messages: libtorrent and Transmission send one
     * after the handshake and the next a minute later, with some jitter.
     */
    public int receiveBurst() {
        return set.receiveBurst;
    }

    /**
     * Returns the number of messages above the rate that close the wire, with {@link PexException}. Default 6, range 1
     * to 1,000,000. Each message within the rate offsets one above it, so only a peer with more than twice the rate
     * reaches the limit. Source: libtorrent, which looks at the last six.
     */
    public int tolerated() {
        return set.tolerated;
    }

    /**
     * Returns the number of added peers used from the first message of a peer, IPv4 and IPv6 together. Default 200,
     * range 0 to 10,000. Further peers are ignored. BEP 11 sets no limit for this message.
     */
    public int firstUsed() {
        return set.firstUsed;
    }

    /**
     * Returns the number of added peers used from each later message of a peer, IPv4 and IPv6 together. Default 100,
     * range 0 to 10,000. Further peers are ignored. BEP 11 allows 50, and libtorrent sends 100.
     */
    public int laterUsed() {
        return set.laterUsed;
    }

    /**
     * Returns the maximum length of a message, in bytes after the extension id. Default 64 KiB, range 1,024 to
     * 1,048,576. A longer message closes the wire before it is read. 50 IPv6 peers with flags take 950 bytes;
     * libtorrent accepts 500 KiB.
     */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /**
     * Returns the number of peers used from one message with the same IPv4 address or IPv6 /64. Default 1, range 1 to
     * 10,000. Further peers are ignored, so that a peer cannot direct us to many ports of a victim. Loopback and
     * private addresses have no limit. Source: BEP 11, which ignores further ports of an address.
     */
    public int maxPerAddress() {
        return set.maxPerAddress;
    }

    /**
     * Returns the number of peers used from one message with the same IPv4 /24 or IPv6 /48. Default 4, range 1 to
     * 10,000. Further peers are ignored, so that a peer cannot fill our connections with its own machines. Loopback and
     * private addresses have no limit.
     */
    public int maxPerNetwork() {
        return set.maxPerNetwork;
    }

    /**
     * Returns the number of unproven peers that are remembered per sender. Default 50, range 0 to 65,536. A message
     * may add no more than this; if later messages add more, the oldest peers of the sender are dropped. A peer is
     * unproven until a connection to it succeeded: see {@link UtPex#events(org.peerwire.Wire,
     * java.util.function.Predicate)} and {@link PexSwarm#join}. A program that only watches peers can raise the limit.
     * Source: the limit of BEP 11 for a message.
     */
    public int maxUnproven() {
        return set.maxUnproven;
    }

    /**
     * Returns the number of peers remembered on a wire, in each direction. Default 400, range 1 to 65,536. If a peer
     * adds more, its oldest peers are dropped; peers that do not fit are not announced. This option bounds the memory
     * of a wire. The default is eight messages of 50 peers.
     */
    public int remembered() {
        return set.remembered;
    }

    /**
     * Returns the number of peers that a {@link PexSwarm} knows from all its wires together. Default 2,000, range 1 to
     * 1,000,000. At the limit, a new peer replaces the oldest peer of the wire that has added most. Source: the client
     * rain.
     */
    public int maxKnown() {
        return set.maxKnown;
    }

    /**
     * Builds limits. Each setter throws {@link IllegalArgumentException} for a value outside the range of its option.
     */
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

        /** Sets {@link PexLimits#receiveInterval()}. */
        public Builder receiveInterval(Duration receiveInterval) {
            this.receiveInterval = Ranges.check("receiveInterval", receiveInterval, Duration.ofMillis(1));
            return this;
        }

        /** Sets {@link PexLimits#receiveBurst()}. */
        public Builder receiveBurst(int receiveBurst) {
            this.receiveBurst = Ranges.check("receiveBurst", receiveBurst, 1, 1000);
            return this;
        }

        /** Sets {@link PexLimits#tolerated()}. */
        public Builder tolerated(int tolerated) {
            this.tolerated = Ranges.check("tolerated", tolerated, 1, 1_000_000);
            return this;
        }

        /** Sets {@link PexLimits#firstUsed()}. */
        public Builder firstUsed(int firstUsed) {
            this.firstUsed = Ranges.check("firstUsed", firstUsed, 0, 10_000);
            return this;
        }

        /** Sets {@link PexLimits#laterUsed()}. */
        public Builder laterUsed(int laterUsed) {
            this.laterUsed = Ranges.check("laterUsed", laterUsed, 0, 10_000);
            return this;
        }

        /** Sets {@link PexLimits#maxMessageLength()}. */
        public Builder maxMessageLength(int maxMessageLength) {
            this.maxMessageLength = Ranges.check("maxMessageLength", maxMessageLength, 1024, 1_048_576);
            return this;
        }

        /** Sets {@link PexLimits#maxPerAddress()}. */
        public Builder maxPerAddress(int maxPerAddress) {
            this.maxPerAddress = Ranges.check("maxPerAddress", maxPerAddress, 1, 10_000);
            return this;
        }

        /** Sets {@link PexLimits#maxPerNetwork()}. */
        public Builder maxPerNetwork(int maxPerNetwork) {
            this.maxPerNetwork = Ranges.check("maxPerNetwork", maxPerNetwork, 1, 10_000);
            return this;
        }

        /** Sets {@link PexLimits#maxUnproven()}. */
        public Builder maxUnproven(int maxUnproven) {
            this.maxUnproven = Ranges.check("maxUnproven", maxUnproven, 0, 65_536);
            return this;
        }

        /** Sets {@link PexLimits#remembered()}. */
        public Builder remembered(int remembered) {
            this.remembered = Ranges.check("remembered", remembered, 1, 65_536);
            return this;
        }

        /** Sets {@link PexLimits#maxKnown()}. */
        public Builder maxKnown(int maxKnown) {
            this.maxKnown = Ranges.check("maxKnown", maxKnown, 1, 1_000_000);
            return this;
        }

        /** Creates the limits. */
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
}
