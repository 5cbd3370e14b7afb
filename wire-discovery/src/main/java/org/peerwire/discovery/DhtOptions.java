/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** The options of a {@link Dht}. Immutable and thread-safe. */
public final class DhtOptions {
    /** Nodes that clients use to find the first others. */
    private static final List<InetSocketAddress> PUBLIC = List.of(
            InetSocketAddress.createUnresolved("router.bittorrent.com", 6881),
            InetSocketAddress.createUnresolved("dht.transmissionbt.com", 6881),
            InetSocketAddress.createUnresolved("dht.libtorrent.org", 25401));

    private static final List<InetSocketAddress> ANY =
            List.of(new InetSocketAddress("0.0.0.0", 0), new InetSocketAddress("::", 0));
    private static final int MAX_BOOTSTRAP = 32;

    private static final DhtOptions DEFAULTS = builder().build();

    private final Builder set;

    private DhtOptions(Builder set) {
        this.set = set;
    }

    /** Returns the default options. */
    public static DhtOptions defaults() {
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
     * Returns the nodes that are asked for the first others. Default: public nodes of three other clients. At most 32;
     * an unresolved name is resolved at the start, off the event loop.
     */
    public List<InetSocketAddress> bootstrap() {
        return set.bootstrap;
    }

    /**
     * Returns the addresses to bind, at most one of IPv4 and one of IPv6. Default {@code 0.0.0.0} and {@code ::} with any
     * port. The node starts if one of them can be bound. If the port of the second one is taken, as where one socket
     * serves both families, it gets any other.
     */
    public List<InetSocketAddress> listen() {
        return set.listen;
    }

    /**
     * Returns true if nodes and peers may be in local networks. Default false: a stranger who names such an address is
     * ignored. With true, several nodes and peers may also share an IP address, so use it only in a network of your own.
     */
    public boolean allowLocal() {
        return set.allowLocal;
    }

    /**
     * Returns true if the node answers no questions, and tells others not to ask (BEP 43). Default false. For a node that
     * others cannot reach, or whose traffic is expensive.
     */
    public boolean readOnly() {
        return set.readOnly;
    }

    /** Returns true if others may ask for info hashes that this node stores (BEP 51). Default false. */
    public boolean sampling() {
        return set.sampling;
    }

    /** Returns the maximum number of peers stored for one torrent. Default 100, range 1 to 10,000. */
    public int maxPeersPerHash() {
        return set.maxPeersPerHash;
    }

    /**
     * Returns the maximum number of torrents whose peers are stored. Default 10,000, range 1 to 1,000,000. At the limit,
     * one of those that have waited longest for an announcement leaves: that with the fewest peers. All torrents together
     * have at most 100,000 peers, and 1,000 of each network, /24 or /64.
     */
    public int maxHashes() {
        return set.maxHashes;
    }

    /**
     * Returns the maximum number of questions sent in one second. Default 250, range 1 to 1,000,000. Others wait, up to
     * 8,192 for each family; beyond that they fail.
     */
    public int maxQueriesPerSecond() {
        return set.maxQueriesPerSecond;
    }

    /**
     * Returns the maximum number of questions answered in one second. Default 1,000, range 1 to 1,000,000. Others are
     * discarded. An IP address, of IPv6 a /64, gets at most 20 answers per second, after a first 60.
     */
    public int maxAnswersPerSecond() {
        return set.maxAnswersPerSecond;
    }

    /** Returns the clock and the thread of the node, or null for the event loop of its sockets. Default null. */
    public @Nullable Scheduler scheduler() {
        return set.scheduler;
    }

    /**
     * Returns the seed of all random choices, or null for unpredictable ones. Default null. Only for tests: with a seed,
     * others can guess transactions and tokens.
     */
    public @Nullable Long seed() {
        return set.seed;
    }

    /** A builder of options. */
    public static final class Builder implements Cloneable {
        private List<InetSocketAddress> bootstrap = PUBLIC;
        private List<InetSocketAddress> listen = ANY;
        private boolean allowLocal;
        private boolean readOnly;
        private boolean sampling;
        private int maxPeersPerHash = 100;
        private int maxHashes = 10_000;
        private int maxQueriesPerSecond = 250;
        private int maxAnswersPerSecond = 1_000;
        private @Nullable Scheduler scheduler;
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

        /**
         * Sets {@link DhtOptions#bootstrap()}.
         *
         * @throws IllegalArgumentException for more than 32 addresses
         */
        public Builder bootstrap(List<InetSocketAddress> nodes) {
            check("bootstrap addresses", nodes.size(), 0, MAX_BOOTSTRAP);
            List<InetSocketAddress> copy = List.copyOf(nodes);
            return with(b -> b.bootstrap = copy);
        }

        /** Sets {@link DhtOptions#bootstrap()}. */
        public Builder bootstrap(InetSocketAddress... nodes) {
            return bootstrap(List.of(nodes));
        }

        /**
         * Sets {@link DhtOptions#listen()}.
         *
         * @throws IllegalArgumentException without an address, with two of one family, or with an unresolved one
         */
        public Builder listen(InetSocketAddress... addresses) {
            List<InetSocketAddress> copy = List.of(addresses);
            long four = copy.stream()
                    .filter(address -> address.getAddress() instanceof Inet4Address)
                    .count();
            if (copy.isEmpty()
                    || copy.stream().anyMatch(InetSocketAddress::isUnresolved)
                    || four > 1
                    || copy.size() - four > 1) {
                throw new IllegalArgumentException(
                        "listen must be one resolved address of IPv4, one of IPv6, or both, was " + copy);
            }
            return with(b -> b.listen = copy);
        }

        /** Sets {@link DhtOptions#allowLocal()}. */
        public Builder allowLocal(boolean allowed) {
            return with(b -> b.allowLocal = allowed);
        }

        /** Sets {@link DhtOptions#readOnly()}. */
        public Builder readOnly(boolean readOnly) {
            return with(b -> b.readOnly = readOnly);
        }

        /** Sets {@link DhtOptions#sampling()}. */
        public Builder sampling(boolean allowed) {
            return with(b -> b.sampling = allowed);
        }

        /** Sets {@link DhtOptions#maxPeersPerHash()}. */
        public Builder maxPeersPerHash(int peers) {
            return with(b -> b.maxPeersPerHash = check("maxPeersPerHash", peers, 1, 10_000));
        }

        /** Sets {@link DhtOptions#maxHashes()}. */
        public Builder maxHashes(int hashes) {
            return with(b -> b.maxHashes = check("maxHashes", hashes, 1, 1_000_000));
        }

        /** Sets {@link DhtOptions#maxQueriesPerSecond()}. */
        public Builder maxQueriesPerSecond(int queries) {
            return with(b -> b.maxQueriesPerSecond = check("maxQueriesPerSecond", queries, 1, 1_000_000));
        }

        /** Sets {@link DhtOptions#maxAnswersPerSecond()}. */
        public Builder maxAnswersPerSecond(int answers) {
            return with(b -> b.maxAnswersPerSecond = check("maxAnswersPerSecond", answers, 1, 1_000_000));
        }

        /** Sets {@link DhtOptions#scheduler()}. */
        public Builder scheduler(@Nullable Scheduler scheduler) {
            return with(b -> b.scheduler = scheduler);
        }

        /** Sets {@link DhtOptions#seed()}. */
        public Builder seed(@Nullable Long seed) {
            return with(b -> b.seed = seed);
        }

        /** Returns the options. */
        public DhtOptions build() {
            return new DhtOptions(copy());
        }

        private static int check(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", was " + value);
            }
            return value;
        }
    }
}
