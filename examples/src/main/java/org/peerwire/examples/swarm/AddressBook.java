/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bounded list of addresses that a swarm may dial, with the time of the next attempt. An address from the user is
 * retried without end, a learned one 4 times in a row. The pause doubles with each attempt and is random within a
 * quarter of its length. An address that was reached before is the hope of a swarm without wires, which dials it again
 * after 4 s at the latest.
 *
 * <p>Has no sockets and no clock: all times are milliseconds of the caller's clock. Not thread-safe.
 */
final class AddressBook {
    private static final int MAX_ADDRESSES = 1_000;
    private static final int MAX_BANS = 1_000;
    private static final int LEARNED_ATTEMPTS = 4;
    private static final long FIRST_DELAY = 1_000;
    private static final long LAST_DELAY_GIVEN = 5_000;
    private static final long LAST_DELAY_LEARNED = 30_000;
    private static final long LAST_DELAY_ALONE = 4_000;
    private static final long GOOD_SESSION = 10_000;

    private final Random random;

    private final Map<InetSocketAddress, Entry> entries = new LinkedHashMap<>();
    private final Newest<InetSocketAddress> banned = new Newest<>(MAX_BANS);

    private static final class Entry {
        final boolean given;
        boolean reached;
        boolean busy;
        int attempts;
        long since;
        long due;

        /** The time of the next attempt of a swarm without wires, if the address was reached before. */
        long dueAlone;

        Entry(boolean given) {
            this.given = given;
        }

        boolean hasAttempts() {
            return busy || given || attempts < LEARNED_ATTEMPTS;
        }

        boolean isDue(long now) {
            return !busy && hasAttempts() && due <= now;
        }

        boolean isDueAlone(long now) {
            return !busy && reached && dueAlone <= now;
        }
    }

    /**
     * Creates an empty book.
     *
     * @param random shortens the pauses, so that peers that lost a seed together do not all dial it together
     */
    AddressBook(Random random) {
        this.random = random;
    }

    /** Adds an address from the user. */
    void give(InetSocketAddress address) {
        entries.put(address, new Entry(true));
    }

    /**
     * Adds a learned address. Returns false if it is known or banned, or if the list is full of addresses that may
     * still be dialled.
     */
    boolean learn(InetSocketAddress address) {
        if (entries.containsKey(address) || banned.contains(address) || !makeRoom()) {
            return false;
        }
        entries.put(address, new Entry(false));
        return true;
    }

    /**
     * Removes one address without attempts left when the list is full, if possible one that was never reached. Returns
     * false if there is no such address.
     */
    private boolean makeRoom() {
        if (entries.size() < MAX_ADDRESSES) {
            return true;
        }
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().hasAttempts())
                .min(Comparator.comparing(entry -> entry.getValue().reached))
                .map(Map.Entry::getKey)
                .map(entries::remove)
                .isPresent();
    }

    /**
     * Returns at most {@code room} addresses to dial now: those from the user first, each group in the order of its
     * additions. A returned address is busy until {@link #closed} or {@link #failed}.
     *
     * @param alone true if no wire is open
     */
    List<InetSocketAddress> take(long now, int room, boolean alone) {
        List<InetSocketAddress> due = select(room, entry -> entry.isDue(now));
        List<InetSocketAddress> taken = alone && due.isEmpty() ? select(room, entry -> entry.isDueAlone(now)) : due;
        taken.forEach(address -> update(address, entry -> {
            entry.busy = true;
            entry.since = now;
        }));
        return taken;
    }

    private List<InetSocketAddress> select(int room, Predicate<Entry> wanted) {
        Comparator<Map.Entry<InetSocketAddress, Entry>> givenFirst =
                Comparator.comparing(entry -> !entry.getValue().given);
        return entries.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .sorted(givenFirst)
                .limit(Math.max(0, room))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Notes that the dialled connection is open. */
    void opened(InetSocketAddress address, long now) {
        update(address, entry -> {
            entry.since = now;
            entry.reached = true;
        });
    }

    /** Returns whether a dial of the address has led to a wire before. */
    boolean wasReached(InetSocketAddress address) {
        Entry entry = entries.get(address);
        return entry != null && entry.reached;
    }

    /**
     * Notes that the connection has ended. Some clients close after they have sent the metadata, then accept a dial.
     *
     * @param useful true if the peer has sent a block that was asked for: the next attempt is the first again
     */
    void closed(InetSocketAddress address, long now, boolean useful) {
        update(address, entry -> {
            entry.attempts = useful || now - entry.since >= GOOD_SESSION ? 0 : entry.attempts;
            retryLater(entry, now);
        });
    }

    /** Notes that no connection was made. Returns true for the first failure in a row. */
    boolean failed(InetSocketAddress address, long now) {
        Entry entry = entries.get(address);
        if (entry == null) {
            return false;
        }
        retryLater(entry, now);
        return entry.attempts == 1;
    }

    private void retryLater(Entry entry, long now) {
        entry.busy = false;
        long last = entry.given ? LAST_DELAY_GIVEN : LAST_DELAY_LEARNED;
        entry.due = now + shortened(Math.min(last, FIRST_DELAY << Math.min(10, entry.attempts)));
        entry.dueAlone = now + shortened(LAST_DELAY_ALONE);
        entry.attempts++;
    }

    private long shortened(long delay) {
        return delay - random.nextInt((int) delay / 4 + 1);
    }

    /** Removes an address that is our own or that has misbehaved. It is not dialled again. */
    void ban(InetSocketAddress address) {
        entries.remove(address);
        banned.add(address);
    }

    /** Returns whether an address is being dialled, has attempts left, or was reached before. */
    boolean hasHope() {
        return entries.values().stream().anyMatch(entry -> entry.hasAttempts() || entry.reached);
    }

    private void update(InetSocketAddress address, Consumer<Entry> change) {
        Entry entry = entries.get(address);
        if (entry != null) {
            change.accept(entry);
        }
    }
}
