/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The contacts of one range of ids (BEP 5), and spare ones that take the place of those that fail. */
final class Bucket {
    /** The maximum number of contacts, and of spare ones: k. */
    static final int SIZE = 8;

    final List<Contact> live = new ArrayList<>(SIZE);
    final List<Contact> spare = new ArrayList<>();
    long lastChange;

    Bucket(long now) {
        lastChange = now;
    }

    boolean isFull() {
        return live.size() >= SIZE;
    }

    @Nullable
    Contact find(Predicate<Contact> wanted) {
        for (Contact contact : live) {
            if (wanted.test(contact)) {
                return contact;
            }
        }
        for (Contact contact : spare) {
            if (wanted.test(contact)) {
                return contact;
            }
        }
        return null;
    }

    /** Returns a contact that has to leave for a better one, or null. */
    @Nullable
    Contact worst(boolean forSecure) {
        for (Contact contact : live) {
            if (contact.isBad()) {
                return contact;
            }
        }
        for (Contact contact : live) {
            if (forSecure && !contact.secure) {
                return contact;
            }
        }
        return null;
    }

    /** Returns the contact that was seen longest ago, if it is questionable. */
    @Nullable
    Contact questionable(long now) {
        return live.stream()
                .filter(contact -> !contact.isGood(now))
                .min(Comparator.comparingLong(Contact::lastSeen))
                .orElse(null);
    }
}
