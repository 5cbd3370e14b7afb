/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.EnumMap;
import java.util.Map;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.WireStats.Ignored;
import org.peerwire.message.Message.Type;

/** Counts what is odd and harmless, and says when it is too much to be harmless. */
@EventLoopOnly
final class Tolerance {
    private static final long FOREVER = Long.MAX_VALUE;
    private static final long TEN_SECONDS = 10_000;
    private static final long MINUTE = 60_000;
    private static final int KEEP_ALIVES = 100;

    private static final class Limit {
        final long most;
        final long millis;
        long count;
        long since;

        Limit(long most, long millis) {
            this.most = most;
            this.millis = millis;
        }

        boolean exceeded(long now) {
            if (millis != FOREVER && now - since >= millis) {
                since = now;
                count = 0;
            }
            return ++count > most;
        }

        @Override
        public String toString() {
            return most + (millis == FOREVER ? "" : " in " + millis / 1000 + " s");
        }
    }

    private final Counters counters;
    private final Map<Ignored, Limit> limits = new EnumMap<>(Ignored.class);
    private final Limit keepAlives = new Limit(KEEP_ALIVES, TEN_SECONDS);

    Tolerance(Counters counters, int maxQueuedUploads) {
        this.counters = counters;
        limits.put(Ignored.UNKNOWN_MESSAGE, new Limit(20, MINUTE));
        limits.put(Ignored.UNKNOWN_EXTENSION, new Limit(100, FOREVER));
        limits.put(Ignored.LATE_BITFIELD, new Limit(64, FOREVER));
        limits.put(Ignored.UNKNOWN_REJECT, new Limit(64, FOREVER));
        limits.put(Ignored.CHOKED_REQUEST, new Limit(300, FOREVER));
        limits.put(Ignored.INVALID_REQUEST, new Limit(300, FOREVER));
        limits.put(Ignored.REPEATED_REQUEST, new Limit(4L * maxQueuedUploads, TEN_SECONDS));
        limits.put(Ignored.EXCESS_REQUEST, new Limit(4L * maxQueuedUploads, TEN_SECONDS));
    }

    /** Counts one; throws when there have been too many. */
    void ignore(Ignored kind, Type said, long now) {
        counters.ignored(kind);
        Limit limit = limits.get(kind);
        if (limit != null && limit.exceeded(now)) {
            throw new ProtocolException(
                    Reason.FLOOD, said.id(), "more than " + limit + " times " + kind + ": no honest peer does that");
        }
    }

    void keepAlive(long now) {
        if (keepAlives.exceeded(now)) {
            throw new ProtocolException(Reason.FLOOD, Type.KEEP_ALIVE.id(), "more than " + keepAlives + " keep-alives");
        }
    }
}
