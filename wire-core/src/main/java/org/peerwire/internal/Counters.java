/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.peerwire.Ignored;
import org.peerwire.WireStats;

/** The counters of a wire: written on the event loop, read anywhere. */
@SuppressWarnings("EnumOrdinal") // an index into the array, nothing that is stored or sent
final class Counters {

    enum Counter {
        BYTES_IN,
        BYTES_OUT,
        PAYLOAD_IN,
        PAYLOAD_OUT,
        PAYLOAD_IN_RATE,
        PAYLOAD_OUT_RATE,
        MESSAGES_IN,
        MESSAGES_OUT,
        REQUESTS_OUTSTANDING,
        UPLOADS_QUEUED,
        UPLOAD_BYTES_HELD,
        WASTED_IN
    }

    private static final Counter[] COUNTERS = Counter.values();
    private static final Ignored[] IGNORED = Ignored.values();

    private final AtomicLongArray values = new AtomicLongArray(COUNTERS.length + IGNORED.length);
    private final RateMeter in = new RateMeter();
    private final RateMeter out = new RateMeter();

    @EventLoopOnly
    void add(Counter counter, long n) {
        add(counter.ordinal(), n);
    }

    @EventLoopOnly
    void set(Counter counter, long value) {
        values.lazySet(counter.ordinal(), value);
    }

    /** Counts an oddity and returns how often it has happened. */
    @EventLoopOnly
    long ignored(Ignored kind) {
        return add(COUNTERS.length + kind.ordinal(), 1);
    }

    /** From here on the rates are counted. */
    @EventLoopOnly
    void startRates(long now) {
        in.rate(now, 0);
        out.rate(now, 0);
    }

    @EventLoopOnly
    void stopRates() {
        set(Counter.PAYLOAD_IN_RATE, 0);
        set(Counter.PAYLOAD_OUT_RATE, 0);
    }

    @EventLoopOnly
    void tick(long now) {
        set(Counter.PAYLOAD_IN_RATE, in.rate(now, get(Counter.PAYLOAD_IN)));
        set(Counter.PAYLOAD_OUT_RATE, out.rate(now, get(Counter.PAYLOAD_OUT)));
    }

    long get(Counter counter) {
        return values.get(counter.ordinal());
    }

    private long add(int index, long n) {
        long value = values.getPlain(index) + n; // one writer: no read-modify-write is needed
        values.lazySet(index, value);
        return value;
    }

    WireStats snapshot() {
        Map<Ignored, Long> ignored = new EnumMap<>(Ignored.class);
        for (Ignored kind : IGNORED) {
            long count = values.get(COUNTERS.length + kind.ordinal());
            if (count > 0) {
                ignored.put(kind, count);
            }
        }
        return new WireStats(
                get(Counter.BYTES_IN),
                get(Counter.BYTES_OUT),
                get(Counter.PAYLOAD_IN),
                get(Counter.PAYLOAD_OUT),
                get(Counter.PAYLOAD_IN_RATE),
                get(Counter.PAYLOAD_OUT_RATE),
                get(Counter.MESSAGES_IN),
                get(Counter.MESSAGES_OUT),
                get(Counter.REQUESTS_OUTSTANDING),
                get(Counter.UPLOADS_QUEUED),
                get(Counter.UPLOAD_BYTES_HELD),
                get(Counter.WASTED_IN),
                Map.copyOf(ignored));
    }
}
