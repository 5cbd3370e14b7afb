/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bounded list of addresses that a swarm may dial, with the time of the next attempt. An address from the user is
 * retried without end, a learned one 3 times.
 *
 * <p>Has no sockets and no clock: all times are milliseconds of the caller's clock. Not thread-safe.
 */
final class AddressBook {
    private static final int MAX_ADDRESSES = 1_000;
    private static final int MAX_BANS = 1_000;
    private static final int LEARNED_ATTEMPTS = 3;
    private static final long FIRST_DELAY = 2_000;
    private static final long LAST_DELAY_GIVEN = 5_000;
    private static final long LAST_DELAY_LEARNED = 30_000;
    private static final long GOOD_SESSION = 10_000;

    private final Map<InetSocketAddress, Entry> entries = new LinkedHashMap<>();
    private final Newest<InetSocketAddress> banned = new Newest<>(MAX_BANS);

    private static final class Entry {
        final boolean given;
        boolean busy;
        int attempts;
        long since;
        long due;

        Entry(boolean given) {
            this.given = given;
        }

        boolean hasHope() {
            return busy || given || attempts < LEARNED_ATTEMPTS;
        }
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

    /** Removes one address without attempts left when the list is full. Returns false if there is no such address. */
    private boolean makeRoom() {
        if (entries.size() < MAX_ADDRESSES) {
            return true;
        }
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().hasHope())
                .map(Map.Entry::getKey)
                .findFirst()
                .map(entries::remove)
                .isPresent();
    }

    /**
     * Returns at most {@code room} addresses to dial now: those from the user first, each group in the order of its
     * additions. A returned address is busy until {@link #closed} or {@link #failed}.
     */
    List<InetSocketAddress> take(long now, int room) {
        Comparator<Map.Entry<InetSocketAddress, Entry>> givenFirst =
                Comparator.comparing(entry -> !entry.getValue().given);
        Predicate<Entry> isDue = entry -> entry.hasHope() && !entry.busy && entry.due <= now;
        List<InetSocketAddress> taken = entries.entrySet().stream()
                .filter(entry -> isDue.test(entry.getValue()))
                .sorted(givenFirst)
                .limit(Math.max(0, room))
                .map(Map.Entry::getKey)
                .toList();
        taken.forEach(address -> update(address, entry -> {
            entry.busy = true;
            entry.since = now;
        }));
        return taken;
    }

    /** Notes that the dialled connection is open. */
    void opened(InetSocketAddress address, long now) {
        update(address, entry -> entry.since = now);
    }

    /**
     * Notes that the connection has ended. Some clients close after they have sent the metadata, then accept a dial.
     */
    void closed(InetSocketAddress address, long now) {
        update(address, entry -> {
            entry.attempts = now - entry.since >= GOOD_SESSION ? 0 : entry.attempts;
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

    private static void retryLater(Entry entry, long now) {
        entry.busy = false;
        long last = entry.given ? LAST_DELAY_GIVEN : LAST_DELAY_LEARNED;
        entry.due = now + Math.min(last, FIRST_DELAY << Math.min(10, Math.max(0, entry.attempts - 1)));
        entry.attempts++;
    }

    /** Removes an address that is our own or that has misbehaved. It is not dialled again. */
    void ban(InetSocketAddress address) {
        entries.remove(address);
        banned.add(address);
    }

    /** Returns whether an address is being dialled or has attempts left. */
    boolean hasHope() {
        return entries.values().stream().anyMatch(Entry::hasHope);
    }

    private void update(InetSocketAddress address, Consumer<Entry> change) {
        Entry entry = entries.get(address);
        if (entry != null) {
            change.accept(entry);
        }
    }
}
