/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;

/** The requests of the last minute that nobody waits for any more and that may still be answered. Bounded. */
@EventLoopOnly
final class LateAnswers {
    private static final long KEEP_MILLIS = 60_000;
    private static final int MAX = 4_096;

    private record Expected(BlockRequest request, long until) {}

    /** By {@link #place}, oldest first. */
    private final Map<Long, Expected> expected = new LinkedHashMap<>();

    /** Remembers a request, in place of an earlier one for the same place. Over the limit the oldest is forgotten. */
    void expect(BlockRequest request, long now) {
        expected.put(place(request), new Expected(request, now + KEEP_MILLIS));
        if (expected.size() > MAX) {
            Iterator<Long> eldest = expected.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Forgets the request for the place of a block. Returns true if it was for the same length. */
    boolean takeBlock(BlockRequest block) {
        Expected late = expected.remove(place(block));
        return late != null && late.request.length() == block.length();
    }

    /** Forgets a request that is rejected. Returns false if it was not remembered. */
    boolean takeReject(BlockRequest request) {
        Expected late = expected.get(place(request));
        boolean known = late != null && late.request.equals(request);
        if (known) {
            expected.remove(place(request));
        }
        return known;
    }

    /** Forgets the requests whose time is over. */
    void tick(long now) {
        expected.values().removeIf(late -> late.until < now);
    }

    void clear() {
        expected.clear();
    }

    private static long place(BlockRequest request) {
        return (long) request.piece() << 32 | Integer.toUnsignedLong(request.offset());
    }
}
