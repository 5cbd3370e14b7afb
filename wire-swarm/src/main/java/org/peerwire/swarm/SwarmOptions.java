/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.PayloadMode;
import org.peerwire.pex.PexOptions;

/** The limits and strategies of one {@link Swarm}. Immutable and thread-safe. */
public final class SwarmOptions {
    private static final SwarmOptions DEFAULTS = builder().build();

    private final Builder set;

    private SwarmOptions(Builder set) {
        this.set = set;
    }

    /** Returns the default options. */
    public static SwarmOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with the default options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with these options. */
    public Builder toBuilder() {
        return set.copy();
    }

    /**
     * Returns the maximum number of open wires. Default 50, range 1 to 10,000. Further connections are refused, unless
     * there is a wire on which neither side wants anything. A host with a port dials up to three quarters of it.
     */
    public int maxWires() {
        return set.maxWires;
    }

    /** Returns the maximum number of dials at a time. Default 20, range 1 to 1,000. */
    public int maxDials() {
        return set.maxDials;
    }

    /** Returns the maximum number of dials that begin in one second. Default 20, range 4 to 1,000. */
    public int dialsPerSecond() {
        return set.dialsPerSecond;
    }

    /**
     * Returns the maximum number of known addresses. Default 1,000, range 1 to 100,000. At the limit, addresses without
     * attempts left make room for new ones, then those of a less trusted origin.
     */
    public int maxAddresses() {
        return set.maxAddresses;
    }

    /**
     * Returns the maximum number of ports of one IP address that others may tell. Default 16, range 1 to 65,535. It
     * protects the host from being attacked by those who believe a liar.
     */
    public int maxPortsPerAddress() {
        return set.maxPortsPerAddress;
    }

    /**
     * Returns the maximum number of pieces in memory, begun or not yet taken. Default 64, range 2 to 10,000.
     *
     * @see #bytesInFlight()
     */
    public int piecesInFlight() {
        return set.piecesInFlight;
    }

    /**
     * Returns the maximum number of bytes of pieces in memory. Default 64 MiB, at least 1. Two pieces are always
     * allowed. The lower of this and {@link #piecesInFlight()} applies.
     */
    public long bytesInFlight() {
        return set.bytesInFlight;
    }

    /** Returns the memory of emitted pieces. Default {@link PayloadMode#COPY}: on the heap, without release. */
    public PayloadMode payload() {
        return set.payload;
    }

    /** Returns the maximum number of unchoked peers. Default 8, range 0 to 10,000; 0 serves nobody. */
    public int uploadSlots() {
        return set.uploadSlots;
    }

    /** Returns the ranking of peers for upload slots. Default {@link ChokeStrategy#reciprocation()}. */
    public ChokeStrategy choking() {
        return set.choking;
    }

    /** Returns the ranking of addresses to dial. Default {@link PeerScore#standard()}. */
    public PeerScore score() {
        return set.score;
    }

    /** Returns the limit of the bytes of blocks that all wires of the swarm receive. Default none. */
    public RateLimit download() {
        return set.download;
    }

    /** Returns the limit of the bytes of blocks that all wires of the swarm send. Default none. */
    public RateLimit upload() {
        return set.upload;
    }

    /** Returns the bytes of blocks per second that each wire receives at most. Default {@link Long#MAX_VALUE}. */
    public long downloadPerWire() {
        return set.downloadPerWire;
    }

    /** Returns the bytes of blocks per second that each wire sends at most. Default {@link Long#MAX_VALUE}. */
    public long uploadPerWire() {
        return set.uploadPerWire;
    }

    /**
     * Returns the options of peer exchange (BEP 11), or null to exchange no peers. Default
     * {@link PexOptions#defaults()}. A private torrent never exchanges peers.
     */
    public @Nullable PexOptions pex() {
        return set.pex;
    }

    /** Returns the times after which the swarm fails. Default {@link Patience#UNLIMITED}. */
    public Patience patience() {
        return set.patience;
    }

    /**
     * Returns the seed of all random choices, or null for a random one. Default null. With a seed and virtual time, a
     * swarm does the same each time.
     */
    public @Nullable Long seed() {
        return set.seed;
    }

    /** A builder of options. */
    public static final class Builder implements Cloneable {
        private int maxWires = 50;
        private int maxDials = 20;
        private int dialsPerSecond = 20;
        private int maxAddresses = 1_000;
        private int maxPortsPerAddress = 16;
        private int piecesInFlight = 64;
        private long bytesInFlight = 64 * 1024 * 1024;
        private PayloadMode payload = PayloadMode.COPY;
        private int uploadSlots = 8;
        private ChokeStrategy choking = ChokeStrategy.reciprocation();
        private PeerScore score = PeerScore.standard();
        private RateLimit download = RateLimit.unlimited();
        private RateLimit upload = RateLimit.unlimited();
        private long downloadPerWire = Long.MAX_VALUE;
        private long uploadPerWire = Long.MAX_VALUE;
        private @Nullable PexOptions pex = PexOptions.defaults();
        private Patience patience = Patience.UNLIMITED;
        private @Nullable Long seed;

        private Builder() {}

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Builder with(Consumer<Builder> change) {
            change.accept(this);
            return this;
        }

        /** Sets {@link SwarmOptions#maxWires()}. */
        public Builder maxWires(int wires) {
            return with(b -> b.maxWires = check("maxWires", wires, 1, 10_000));
        }

        /** Sets {@link SwarmOptions#maxDials()}. */
        public Builder maxDials(int dials) {
            return with(b -> b.maxDials = check("maxDials", dials, 1, 1_000));
        }

        /** Sets {@link SwarmOptions#dialsPerSecond()}. */
        public Builder dialsPerSecond(int dials) {
            return with(b -> b.dialsPerSecond = check("dialsPerSecond", dials, 4, 1_000));
        }

        /** Sets {@link SwarmOptions#maxAddresses()}. */
        public Builder maxAddresses(int addresses) {
            return with(b -> b.maxAddresses = check("maxAddresses", addresses, 1, 100_000));
        }

        /** Sets {@link SwarmOptions#maxPortsPerAddress()}. */
        public Builder maxPortsPerAddress(int ports) {
            return with(b -> b.maxPortsPerAddress = check("maxPortsPerAddress", ports, 1, 65_535));
        }

        /** Sets {@link SwarmOptions#piecesInFlight()}. */
        public Builder piecesInFlight(int pieces) {
            return with(b -> b.piecesInFlight = check("piecesInFlight", pieces, 2, 10_000));
        }

        /** Sets {@link SwarmOptions#bytesInFlight()}. */
        public Builder bytesInFlight(long bytes) {
            return with(b -> b.bytesInFlight = positive("bytesInFlight", bytes));
        }

        /** Sets {@link SwarmOptions#payload()}. */
        public Builder payload(PayloadMode mode) {
            return with(b -> b.payload = mode);
        }

        /** Sets {@link SwarmOptions#uploadSlots()}. */
        public Builder uploadSlots(int slots) {
            return with(b -> b.uploadSlots = check("uploadSlots", slots, 0, 10_000));
        }

        /** Sets {@link SwarmOptions#choking()}. */
        public Builder choking(ChokeStrategy strategy) {
            return with(b -> b.choking = strategy);
        }

        /** Sets {@link SwarmOptions#score()}. */
        public Builder score(PeerScore score) {
            return with(b -> b.score = score);
        }

        /** Sets {@link SwarmOptions#download()}. */
        public Builder download(RateLimit limit) {
            return with(b -> b.download = limit);
        }

        /** Sets {@link SwarmOptions#upload()}. */
        public Builder upload(RateLimit limit) {
            return with(b -> b.upload = limit);
        }

        /** Sets {@link SwarmOptions#downloadPerWire()}. */
        public Builder downloadPerWire(long bytesPerSecond) {
            return with(b -> b.downloadPerWire = positive("downloadPerWire", bytesPerSecond));
        }

        /** Sets {@link SwarmOptions#uploadPerWire()}. */
        public Builder uploadPerWire(long bytesPerSecond) {
            return with(b -> b.uploadPerWire = positive("uploadPerWire", bytesPerSecond));
        }

        /** Sets {@link SwarmOptions#pex()}. */
        public Builder pex(@Nullable PexOptions options) {
            return with(b -> b.pex = options);
        }

        /** Sets {@link SwarmOptions#patience()}. */
        public Builder patience(Patience patience) {
            return with(b -> b.patience = patience);
        }

        /** Sets {@link SwarmOptions#seed()}. */
        public Builder seed(@Nullable Long seed) {
            return with(b -> b.seed = seed);
        }

        /** Returns the options. */
        public SwarmOptions build() {
            return new SwarmOptions(copy());
        }

        private static int check(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", was " + value);
            }
            return value;
        }

        private static long positive(String name, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, was " + value);
            }
            return value;
        }
    }
}
