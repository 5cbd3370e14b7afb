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
 * The addresses a swarm may dial and when. Bounded; addresses a user gave are tried for ever, learned ones a few times.
 * Knows nothing of sockets and clocks: all times are milliseconds of the caller's clock. Use it from one thread.
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

    /** Adds an address of the user. */
    void give(InetSocketAddress address) {
        entries.put(address, new Entry(true));
    }

    /** Adds an address heard of; false if it is known already, banned, or the book is full of addresses with hope. */
    boolean learn(InetSocketAddress address) {
        if (entries.containsKey(address) || banned.contains(address) || !makeRoom()) {
            return false;
        }
        entries.put(address, new Entry(false));
        return true;
    }

    /** Forgets one address without hope when the book is full; false if there is none. */
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

    /** At most {@code room} addresses to dial now, in the order they came in, the user's first; each is busy until {@link #closed} or {@link #failed}. */
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

    /** The dialled connection is open. */
    void opened(InetSocketAddress address, long now) {
        update(address, entry -> entry.since = now);
    }

    /** The connection has ended: a client may close once it has given the metadata, and be happy to be dialled again. */
    void closed(InetSocketAddress address, long now) {
        update(address, entry -> {
            entry.attempts = now - entry.since >= GOOD_SESSION ? 0 : entry.attempts;
            retryLater(entry, now);
        });
    }

    /** There was no connection; true if that was so for the first time. */
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

    /** The address is ourselves, or has misbehaved: it is not dialled again. */
    void ban(InetSocketAddress address) {
        entries.remove(address);
        banned.add(address);
    }

    /** Whether there is an address that is, or will be, dialled. */
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
