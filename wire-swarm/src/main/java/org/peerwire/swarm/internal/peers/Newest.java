/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.util.LinkedHashSet;
import java.util.Set;

/** A bounded set that evicts the oldest item. Not thread-safe. */
final class Newest<T> {
    private final int limit;
    private final Set<T> items = new LinkedHashSet<>();

    Newest(int limit) {
        this.limit = limit;
    }

    void add(T item) {
        items.add(item);
        if (items.size() > limit) {
            items.remove(items.iterator().next());
        }
    }

    boolean contains(T item) {
        return items.contains(item);
    }

    int size() {
        return items.size();
    }
}
