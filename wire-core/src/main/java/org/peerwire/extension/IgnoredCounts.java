/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of the messages that an extension ignores, one for each kind. Their memory is fixed, so a flood of
 * ignored messages needs no more. Thread-safe.
 *
 * @param <K> the type of the kinds
 */
public final class IgnoredCounts<K extends Enum<K>> {
    private final Class<K> type;
    private final AtomicLongArray counts;

    private IgnoredCounts(Class<K> type) {
        this.type = type;
        this.counts = new AtomicLongArray(type.getEnumConstants().length);
    }

    /** Returns new counters, all zero. */
    public static <K extends Enum<K>> IgnoredCounts<K> of(Class<K> kinds) {
        return new IgnoredCounts<>(kinds);
    }

    /** Increments the counter of a kind. */
    @SuppressWarnings("EnumOrdinal") // an index into the array, not stored or sent
    public void count(K kind) {
        counts.incrementAndGet(kind.ordinal());
    }

    /** Returns an immutable copy of the counters that are not zero. */
    @SuppressWarnings("EnumOrdinal")
    public Map<K, Long> toMap() {
        Map<K, Long> map = new EnumMap<>(type);
        for (K kind : type.getEnumConstants()) {
            long count = counts.get(kind.ordinal());
            if (count > 0) {
                map.put(kind, count);
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
