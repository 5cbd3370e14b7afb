/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.util.LinkedHashMap;
import java.util.Map;

/** The rate of the questions of each address and of all together. Remembers the addresses that asked last. */
final class AskingRates {
    static final int PER_SECOND = 20;
    static final int BURST = 60;

    private static final int MAX_ADDRESSES = 4_096;

    private final TokenBucket all;
    private final Map<Object, TokenBucket> byPlace = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, TokenBucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    AskingRates(int maxPerSecond, long now) {
        this.all = new TokenBucket(maxPerSecond, maxPerSecond, now);
    }

    /** Returns false if a question is over one of the rates, and gets no answer. */
    boolean take(Object place, long now) {
        return byPlace.computeIfAbsent(place, first -> new TokenBucket(PER_SECOND, BURST, now))
                        .take(now)
                && all.take(now);
    }
}
