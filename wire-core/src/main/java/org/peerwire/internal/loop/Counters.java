/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.peerwire.Ignored;
import org.peerwire.WireStats;

/** The counters of a wire: written on the event loop, read on any thread. */
@SuppressWarnings("EnumOrdinal") // an index into the array, not stored or sent
public final class Counters {

    /** One number of {@link WireStats}. */
    public enum Counter {
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

    /** Adds to a counter. */
    @EventLoopOnly
    public void add(Counter counter, long n) {
        add(counter.ordinal(), n);
    }

    /** Sets a counter. */
    @EventLoopOnly
    public void set(Counter counter, long value) {
        values.lazySet(counter.ordinal(), value);
    }

    /** Counts an ignored anomaly. */
    @EventLoopOnly
    public void ignored(Ignored kind) {
        add(COUNTERS.length + kind.ordinal(), 1);
    }

    /** Starts the measurement of the rates. */
    @EventLoopOnly
    public void startRates(long now) {
        in.rate(now, 0);
        out.rate(now, 0);
    }

    /** Sets the rates to zero. */
    @EventLoopOnly
    public void stopRates() {
        set(Counter.PAYLOAD_IN_RATE, 0);
        set(Counter.PAYLOAD_OUT_RATE, 0);
    }

    /** Updates the rates, once a second. */
    @EventLoopOnly
    public void tick(long now) {
        set(Counter.PAYLOAD_IN_RATE, in.rate(now, get(Counter.PAYLOAD_IN)));
        set(Counter.PAYLOAD_OUT_RATE, out.rate(now, get(Counter.PAYLOAD_OUT)));
    }

    private long get(Counter counter) {
        return values.get(counter.ordinal());
    }

    private void add(int index, long n) {
        values.lazySet(index, values.getPlain(index) + n); // one writer: needs no read-modify-write
    }

    /** Returns all counters as they are now. Any thread. */
    public WireStats snapshot() {
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
