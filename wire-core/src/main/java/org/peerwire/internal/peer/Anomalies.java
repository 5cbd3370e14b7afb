/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import java.util.EnumMap;
import java.util.Map;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.WireLimits;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;

/**
 * Counts the harmless anomalies of the peer, and throws when there are more than {@link WireLimits} tolerates.
 */
@EventLoopOnly
public final class Anomalies {

    /** The anomalies of one kind in the current period. */
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

    private final WireContext context;
    private final WireLimits limits;
    /** Empty on most wires. */
    private final Map<Ignored, Count> counts = new EnumMap<>(Ignored.class);

    /** Creates counts that are all zero. */
    public Anomalies(WireContext context, WireLimits limits) {
        this.context = context;
        this.limits = limits;
    }

    /**
     * Counts one.
     *
     * @param messageId the id of the message that has it
     * @throws ProtocolException if there are more than the limits tolerate
     */
    public void ignore(Ignored kind, int messageId) {
        ignore(kind, messageId, kind.toString());
    }

    /** Counts one, described by {@code text} when it is one too many. */
    public void ignore(Ignored kind, int messageId, String text) {
        context.counters().ignored(kind);
        Count count = counts.computeIfAbsent(kind, first -> new Count(limits.tolerance(first)));
        if (count.exceeded(context.clock().active())) {
            throw count.limit.most() == 0
                    ? new ProtocolException(reason(kind), messageId, text)
                    : new ProtocolException(
                            Reason.FLOOD,
                            messageId,
                            text + " more than " + count.limit + ": no correct peer does that");
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
