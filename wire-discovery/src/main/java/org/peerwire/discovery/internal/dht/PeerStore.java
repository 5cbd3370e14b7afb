/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The peers that others have announced to this node. Each stays an hour. In a full torrent the oldest peer makes room.
 * When there are too many torrents, one of those that have waited longest for an announcement does: that with the fewest
 * peers, because torrents that nobody has are cheap to invent.
 */
final class PeerStore {
    static final long LIFE_MILLIS = 60 * 60_000;

    /** The maximum number of peers of all torrents. */
    static final int MAX_PEERS = 100_000;

    /** The maximum number of ports of one IP address in a torrent. */
    static final int MAX_PORTS = 4;

    /** The maximum number of peers of one network, /24 or /64, in all torrents. */
    static final int MAX_PER_NETWORK = 1_000;

    /** The number of torrents that are compared when one has to leave. */
    private static final int COMPARED = 16;

    private final int maxHashes;
    private final int maxPeersPerHash;
    private final int maxPerNetwork;
    private final LongSupplier clock;

    /** In the order of the last announcement. */
    private final Map<NodeId, Map<InetSocketAddress, Entry>> torrents = new LinkedHashMap<>();

    /** The number of peers of each network. */
    private final Map<Long, Integer> networks = new HashMap<>();

    private int peers;

    private record Entry(long expiry, boolean seed) {}

    PeerStore(int maxHashes, int maxPeersPerHash, int maxPerNetwork, LongSupplier clock) {
        this.maxHashes = maxHashes;
        this.maxPeersPerHash = maxPeersPerHash;
        this.maxPerNetwork = maxPerNetwork;
        this.clock = clock;
    }

    int hashes() {
        return torrents.size();
    }

    int peers() {
        return peers;
    }

    int networks() {
        return networks.size();
    }

    void add(NodeId hash, InetSocketAddress peer, boolean seed) {
        Map<InetSocketAddress, Entry> torrent = torrents.getOrDefault(hash, Map.of());
        if (torrent.containsKey(peer)) {
            remove(torrent, peer);
        } else if (portsOf(torrent, peer) >= MAX_PORTS || networks.getOrDefault(network(peer), 0) >= maxPerNetwork) {
            return;
        }
        if (torrent.size() >= maxPeersPerHash) {
            remove(torrent, torrent.keySet().iterator().next());
        }
        Map<InetSocketAddress, Entry> newest = torrents.remove(hash);
        newest = newest == null ? new LinkedHashMap<>() : newest;
        newest.put(peer, new Entry(clock.getAsLong() + LIFE_MILLIS, seed));
        torrents.put(hash, newest);
        networks.merge(network(peer), 1, Integer::sum);
        peers++;
        while (torrents.size() > maxHashes || (peers > MAX_PEERS && torrents.size() > 1)) {
            dropOneOfTheOldest();
        }
    }

    private void dropOneOfTheOldest() {
        NodeId fewest = null;
        int most = Integer.MAX_VALUE;
        Iterator<Map.Entry<NodeId, Map<InetSocketAddress, Entry>>> oldest =
                torrents.entrySet().iterator();
        for (int i = 0; i < Math.min(COMPARED, torrents.size() - 1); i++) { // without the newest
            var torrent = oldest.next();
            if (torrent.getValue().size() < most) {
                most = torrent.getValue().size();
                fewest = torrent.getKey();
            }
        }
        Map<InetSocketAddress, Entry> dropped = torrents.remove(fewest);
        if (dropped != null) {
            List.copyOf(dropped.keySet()).forEach(peer -> remove(dropped, peer));
        }
    }

    private void remove(Map<InetSocketAddress, Entry> torrent, InetSocketAddress peer) {
        torrent.remove(peer);
        forget(peer);
    }

    private void forget(InetSocketAddress peer) {
        networks.computeIfPresent(network(peer), (network, count) -> count == 1 ? null : count - 1);
        peers--;
    }

    private static long network(InetSocketAddress peer) {
        return Family.of(peer).network(peer.getAddress());
    }

    private static int portsOf(Map<InetSocketAddress, Entry> torrent, InetSocketAddress peer) {
        int ports = 0;
        for (InetSocketAddress other : torrent.keySet()) {
            ports += other.getAddress().equals(peer.getAddress()) ? 1 : 0;
        }
        return ports;
    }

    /** Returns peers of a family in random order, at most {@code max}. */
    List<InetSocketAddress> peers(NodeId hash, Family family, boolean noSeed, int max, RandomGenerator random) {
        Map<InetSocketAddress, Entry> torrent = torrents.get(hash);
        if (torrent == null) {
            return List.of();
        }
        long now = clock.getAsLong();
        List<InetSocketAddress> found = new ArrayList<>();
        torrent.forEach((peer, entry) -> {
            if (Family.of(peer) == family && entry.expiry > now && !(noSeed && entry.seed)) {
                found.add(peer);
            }
        });
        return shuffled(found, max, random);
    }

    /** Returns filters of the peers of a family (BEP 33). */
    Krpc.Filters filters(NodeId hash, Family family) {
        Krpc.Filters filters = new Krpc.Filters(new BloomFilter(), new BloomFilter());
        long now = clock.getAsLong();
        torrents.getOrDefault(hash, Map.of()).forEach((peer, entry) -> {
            if (Family.of(peer) == family && entry.expiry > now) {
                (entry.seed ? filters.seeds() : filters.downloaders()).add(peer.getAddress());
            }
        });
        return filters;
    }

    /** Returns info hashes in random order, at most {@code max} (BEP 51). */
    List<NodeId> sample(int max, RandomGenerator random) {
        return shuffled(new ArrayList<>(torrents.keySet()), max, random);
    }

    private static <T> List<T> shuffled(List<T> all, int max, RandomGenerator random) {
        int count = Math.min(max, all.size());
        for (int i = 0; i < count; i++) {
            Collections.swap(all, i, i + random.nextInt(all.size() - i));
        }
        return List.copyOf(all.subList(0, count));
    }

    /** Removes the peers whose time is over. */
    void expire() {
        long now = clock.getAsLong();
        for (Iterator<Map<InetSocketAddress, Entry>> it = torrents.values().iterator(); it.hasNext(); ) {
            Map<InetSocketAddress, Entry> torrent = it.next();
            torrent.entrySet().removeIf(entry -> {
                boolean isOver = entry.getValue().expiry <= now;
                if (isOver) {
                    forget(entry.getKey());
                }
                return isOver;
            });
            if (torrent.isEmpty()) {
                it.remove();
            }
        }
    }
}
