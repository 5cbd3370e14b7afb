/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The peers that others have announced to this node. Each stays an hour. When it is full, the torrent whose last
 * announcement is the oldest makes room, and in a torrent the oldest peer.
 */
final class PeerStore {
    static final long LIFE_MILLIS = 60 * 60_000;

    /** The maximum number of peers of all torrents. */
    static final int MAX_PEERS = 100_000;

    /** The maximum number of ports of one IP address in a torrent. */
    static final int MAX_PORTS = 4;

    private final int maxHashes;
    private final int maxPeersPerHash;
    private final LongSupplier clock;

    /** In the order of the last announcement. */
    private final Map<NodeId, Map<InetSocketAddress, Entry>> torrents = new LinkedHashMap<>();

    private int peers;

    private record Entry(long expiry, boolean seed) {}

    PeerStore(int maxHashes, int maxPeersPerHash, LongSupplier clock) {
        this.maxHashes = maxHashes;
        this.maxPeersPerHash = maxPeersPerHash;
        this.clock = clock;
    }

    int hashes() {
        return torrents.size();
    }

    int peers() {
        return peers;
    }

    void add(NodeId hash, InetSocketAddress peer, boolean seed) {
        Map<InetSocketAddress, Entry> torrent = torrents.remove(hash);
        if (torrent == null) {
            torrent = new LinkedHashMap<>();
        }
        torrents.put(hash, torrent);
        if (torrent.remove(peer) != null) {
            peers--;
        } else if (portsOf(torrent, peer) >= MAX_PORTS) {
            return;
        }
        if (torrent.size() >= maxPeersPerHash) {
            removeFirst(torrent);
            peers--;
        }
        torrent.put(peer, new Entry(clock.getAsLong() + LIFE_MILLIS, seed));
        peers++;
        while (torrents.size() > maxHashes || (peers > MAX_PEERS && torrents.size() > 1)) {
            Iterator<Map<InetSocketAddress, Entry>> oldest = torrents.values().iterator();
            peers -= oldest.next().size();
            oldest.remove();
        }
    }

    private static int portsOf(Map<InetSocketAddress, Entry> torrent, InetSocketAddress peer) {
        int ports = 0;
        for (InetSocketAddress other : torrent.keySet()) {
            ports += other.getAddress().equals(peer.getAddress()) ? 1 : 0;
        }
        return ports;
    }

    private static void removeFirst(Map<InetSocketAddress, Entry> torrent) {
        Iterator<InetSocketAddress> first = torrent.keySet().iterator();
        first.next();
        first.remove();
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
        peers = 0;
        for (Iterator<Map<InetSocketAddress, Entry>> it = torrents.values().iterator(); it.hasNext(); ) {
            Map<InetSocketAddress, Entry> torrent = it.next();
            torrent.values().removeIf(entry -> entry.expiry <= now);
            peers += torrent.size();
            if (torrent.isEmpty()) {
                it.remove();
            }
        }
    }
}
