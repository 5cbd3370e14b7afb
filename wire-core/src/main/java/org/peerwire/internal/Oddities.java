/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.EnumMap;
import java.util.Map;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.WireLimits;

/** Counts what is odd and harmless, and says when it is too much to be harmless. */
@EventLoopOnly
final class Oddities {

    /** How many there have been in the time that counts. */
    private static final class Count {
        final Tolerance limit;
        final long millis;
        long count;
        long since;

        Count(Tolerance limit) {
            this.limit = limit;
            this.millis = limit.per() == null ? Long.MAX_VALUE : limit.per().toMillis();
        }

        boolean exceeded(long now) {
            if (count == 0 || now - since >= millis) {
                since = now;
                count = 0;
            }
            return ++count > limit.most();
        }
    }

    private final Counters counters;
    private final WireLimits limits;
    /** Most wires never need one. */
    private final Map<Ignored, Count> counts = new EnumMap<>(Ignored.class);

    Oddities(Counters counters, WireLimits limits) {
        this.counters = counters;
        this.limits = limits;
    }

    /** Counts one; throws when there have been too many. */
    void ignore(Ignored kind, int messageId, long now) {
        ignore(kind, messageId, now, kind.toString());
    }

    /** The same with words for it. */
    void ignore(Ignored kind, int messageId, long now, String what) {
        counters.ignored(kind);
        Count count = counts.computeIfAbsent(kind, first -> new Count(limits.tolerance(first)));
        if (count.exceeded(now)) {
            throw count.limit.most() == 0
                    ? new ProtocolException(reason(kind), messageId, what)
                    : new ProtocolException(
                            Reason.FLOOD, messageId, what + " more than " + count.limit + ": no honest peer does that");
        }
    }

    private static Reason reason(Ignored kind) {
        return switch (kind) {
            case SPARE_BITS -> Reason.BITFIELD;
            case UNSOLICITED_BLOCK -> Reason.UNSOLICITED_BLOCK;
            default -> Reason.UNEXPECTED;
        };
    }
}
