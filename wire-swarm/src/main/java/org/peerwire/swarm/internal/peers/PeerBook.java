/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmOptions;

/**
 * The bounded list of addresses that a swarm may dial, with the time of the next attempt. An address of the user is
 * retried without end, a learned one 4 times in a row. The pause doubles with each attempt and is random within a
 * quarter of its length. An address that was reached before is the hope of a swarm without wires, which dials it again
 * after 4 s at the latest, and ever less often if it closes each time without a block: two seeds want nothing.
 *
 * <p>Each entry is either busy, or waiting for its time, or ready to be dialled, or spent, which is without attempts
 * left. Each of these is a sorted set, so a turn costs as much as it takes.
 *
 * <p>Has no sockets and no clock: all times are milliseconds of the caller's clock. Not thread-safe.
 */
final class PeerBook {
    private static final int MAX_BANS = 1_000;
    private static final long FIRST_DELAY = 1_000;
    private static final long LAST_DELAY_USER = 5_000;
    private static final long LAST_DELAY_LEARNED = 30_000;
    private static final long LAST_DELAY_ALONE = 4_000;
    private static final int FRUITLESS_SESSIONS = 3;
    private static final int MAX_DOUBLINGS = 6;
    private static final long GOOD_SESSION = 10_000;

    /** The maximum delay of a peer that other peers tell: all who hear of it would dial it at once. */
    private static final int NEWCOMER_DELAY = 1_000;

    private final SwarmOptions options;
    private final Random random;
    private final InetSocketAddress self;

    private final Map<InetSocketAddress, PeerEntry> entries = new HashMap<>();
    private final NavigableSet<PeerEntry> waiting = new TreeSet<>(PeerEntry.BY_DUE);
    private final NavigableSet<PeerEntry> ready = new TreeSet<>(PeerEntry.BY_SCORE);
    private final NavigableSet<PeerEntry> spent = new TreeSet<>(PeerEntry.BY_VALUE);

    /** The reached addresses that are not busy, also the spent ones. */
    private final NavigableSet<PeerEntry> reached = new TreeSet<>(PeerEntry.BY_DUE_ALONE);

    private final Map<InetAddress, Integer> learnedPorts = new HashMap<>();
    private final Map<PeerSource, Integer> bySource = new EnumMap<>(PeerSource.class);
    private final Newest<InetSocketAddress> banned = new Newest<>(MAX_BANS);
    private long additions;
    private boolean trustedOnly;

    /**
     * Creates an empty book.
     *
     * @param random shortens the pauses, so that peers that lost a seed together do not all dial it together
     * @param self our address, for the priority by BEP 40
     */
    PeerBook(SwarmOptions options, Random random, InetSocketAddress self) {
        this.options = options;
        this.random = random;
        this.self = self;
    }

    /**
     * Adds an address. Of a known address, only the more trusted origin is kept.
     *
     * @return false if the address is known, banned, not dialable or not allowed, or if there is no room for it
     */
    boolean add(InetSocketAddress address, PeerSource source, long now) {
        if (!Addresses.isDialable(address) || banned.contains(address) || (trustedOnly && !source.isTrusted())) {
            return false;
        }
        PeerEntry known = entries.get(address);
        if (known != null) {
            trust(known, source);
            return false;
        }
        if (!isAllowed(address, source) || !makeRoom(source)) {
            return false;
        }
        PeerEntry entry = new PeerEntry(address, source, priority(address), additions++);
        entry.due = source == PeerSource.PEX ? now + random.nextInt(NEWCOMER_DELAY) : now;
        entries.put(address, entry);
        count(entry, 1);
        link(entry);
        return true;
    }

    /** Without our own address, all swarms would have the same priorities, and would dial the same peers. */
    private double priority(InetSocketAddress address) {
        return self.getAddress().isAnyLocalAddress() ? random.nextDouble() : Addresses.priority(self, address);
    }

    private void trust(PeerEntry entry, PeerSource source) {
        if (source.compareTo(entry.source) < 0) {
            change(entry, known -> {
                count(known, -1);
                known.source = source;
                count(known, 1);
            });
        }
    }

    private boolean isAllowed(InetSocketAddress address, PeerSource source) {
        return source == PeerSource.USER
                || learnedPorts.getOrDefault(address.getAddress(), 0) < options.maxPortsPerAddress();
    }

    private void count(PeerEntry entry, int change) {
        bySource.merge(entry.source, change, Integer::sum);
        if (entry.source != PeerSource.USER) {
            learnedPorts.merge(entry.address.getAddress(), change, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    /** Removes one address when the list is full: one without attempts left, else one of a less trusted origin. */
    private boolean makeRoom(PeerSource source) {
        if (entries.size() < options.maxAddresses()) {
            return true;
        }
        Optional<PeerEntry> victim = spent.isEmpty() ? lessTrusted(source) : Optional.of(spent.first());
        victim.ifPresent(this::remove);
        return victim.isPresent();
    }

    private Optional<PeerEntry> lessTrusted(PeerSource source) {
        boolean exists = bySource.entrySet().stream()
                .anyMatch(count -> count.getKey().compareTo(source) > 0 && count.getValue() > 0);
        return exists
                ? Stream.concat(ready.descendingSet().stream(), waiting.descendingSet().stream())
                        .filter(entry -> entry.source.compareTo(source) > 0)
                        .findFirst()
                : Optional.empty();
    }

    /**
     * Returns at most {@code room} addresses to dial now, those with the highest score first. A returned address is
     * busy until {@link #closed} or {@link #failed}.
     *
     * @param alone true if no wire is open
     */
    List<InetSocketAddress> take(long now, int room, boolean alone) {
        while (!waiting.isEmpty() && waiting.first().due <= now) {
            PeerEntry due = waiting.pollFirst();
            due.score = options.score().score(due.known());
            ready.add(due);
        }
        List<InetSocketAddress> taken = new ArrayList<>();
        while (taken.size() < room && !ready.isEmpty()) {
            taken.add(begin(ready.first(), now));
        }
        if (alone && taken.isEmpty()) {
            while (taken.size() < room && !reached.isEmpty() && reached.first().dueAlone <= now) {
                taken.add(begin(reached.first(), now));
            }
        }
        return taken;
    }

    private InetSocketAddress begin(PeerEntry entry, long now) {
        change(entry, taken -> {
            taken.busy = true;
            taken.since = now;
        });
        return entry.address;
    }

    /** Returns the origin of an address that is dialled. One that was removed meanwhile was learned from a peer. */
    PeerSource source(InetSocketAddress address) {
        PeerEntry entry = entries.get(address);
        return entry == null ? PeerSource.PEX : entry.source;
    }

    /** Notes that the dialled connection is open. */
    void opened(InetSocketAddress address, long now) {
        change(entries.get(address), entry -> {
            entry.since = now;
            entry.reached = true;
            entry.failures = 0;
        });
    }

    /** Returns true if a dial of the address has led to a wire before. */
    boolean wasReached(InetSocketAddress address) {
        PeerEntry entry = entries.get(address);
        return entry != null && entry.reached;
    }

    /** Returns true if the address is in the book. */
    boolean contains(InetSocketAddress address) {
        return entries.containsKey(address);
    }

    /**
     * Notes that the connection has ended. Some clients close after they have sent the metadata, then accept a dial.
     *
     * @param received the bytes of blocks that the peer has sent; if there are any, the next attempt is the first again
     */
    void closed(InetSocketAddress address, long now, long received) {
        change(entries.get(address), entry -> {
            entry.received += received;
            boolean isGood = received > 0 || now - entry.since >= GOOD_SESSION;
            entry.attempts = isGood ? 0 : entry.attempts;
            entry.fruitless = isGood ? 0 : entry.fruitless + 1;
            retryLater(entry, now);
        });
    }

    /** Notes that no connection was made. Returns true for the first failure in a row. */
    boolean failed(InetSocketAddress address, long now) {
        PeerEntry entry = entries.get(address);
        change(entry, failed -> {
            failed.failures++;
            retryLater(failed, now);
        });
        return entry != null && entry.failures == 1;
    }

    private void retryLater(PeerEntry entry, long now) {
        entry.busy = false;
        long last = entry.source == PeerSource.USER ? LAST_DELAY_USER : LAST_DELAY_LEARNED;
        entry.due = now + shortened(Math.min(last, FIRST_DELAY << Math.min(10, entry.attempts)));
        int doublings = Math.max(0, Math.min(MAX_DOUBLINGS, entry.fruitless - FRUITLESS_SESSIONS));
        entry.dueAlone = now + shortened(LAST_DELAY_ALONE << doublings);
        entry.attempts++;
    }

    private long shortened(long delay) {
        return delay - random.nextInt((int) delay / 4 + 1);
    }

    /** Removes an address that is our own or that has misbehaved. It is not dialled again. */
    void ban(InetSocketAddress address) {
        PeerEntry entry = entries.get(address);
        if (entry != null) {
            remove(entry);
        }
        banned.add(address);
    }

    /** Forgets the addresses that a private torrent must not dial, and refuses them from now on. */
    void trustedOnly() {
        trustedOnly = true;
        List.copyOf(entries.values()).stream()
                .filter(entry -> !entry.source.isTrusted())
                .forEach(this::remove);
    }

    /** Returns true if an address is busy, has attempts left, or was reached before. */
    boolean hasHope() {
        return entries.size() > spent.size() || !reached.isEmpty();
    }

    /** Returns the number of addresses. */
    int size() {
        return entries.size();
    }

    /** Returns the number of banned addresses. */
    int banned() {
        return banned.size();
    }

    private void remove(PeerEntry entry) {
        entries.remove(entry.address);
        count(entry, -1);
        unlink(entry);
    }

    private void change(@Nullable PeerEntry entry, Consumer<PeerEntry> change) {
        if (entry != null) {
            unlink(entry);
            change.accept(entry);
            link(entry);
        }
    }

    private void unlink(PeerEntry entry) {
        waiting.remove(entry);
        ready.remove(entry);
        spent.remove(entry);
        reached.remove(entry);
    }

    private void link(PeerEntry entry) {
        if (entry.busy) {
            return;
        }
        (entry.hasAttempts() ? waiting : spent).add(entry);
        if (entry.reached) {
            reached.add(entry);
        }
    }
}
