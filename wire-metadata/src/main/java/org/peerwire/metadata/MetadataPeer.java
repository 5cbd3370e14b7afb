/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link MetadataAssembler} knows of one peer. Times are milliseconds. */
final class MetadataPeer<P> {
    /** A piece is asked for from one peer at most so often, whatever comes back. */
    static final int MAX_ASKS = 3;

    /** Before the same peer is asked for the same piece again. */
    static final long PAUSE = 3_000;

    /** The same, after it has rejected the piece. */
    static final long PAUSE_AFTER_REJECT = 60_000;

    final P key;

    /** The size it claims; 0 if it has no metadata. */
    int size;

    /** How many sizes it has claimed so far. */
    int claims;

    /** Pieces that cannot be right. */
    int faults;

    /** Requests in a row that were not answered in time. */
    int silence;

    /** Whether it has said that it has no metadata. */
    boolean denied;

    boolean barred;

    /** Where it helps now, or null. */
    @Nullable
    SizeClaim<P> claim;

    /** Not to be taken into a claim before. */
    long waitUntil;

    /** Its own pieces, while it has to prove alone that it does not lie. */
    @Nullable
    PieceBuffer alone;

    /** Since when it has been filling them. */
    long aloneSince;

    /** Requests that wait for an answer. */
    int outstanding;

    private final Map<Integer, Ask> asks = new HashMap<>();

    private static final class Ask {
        int count;
        int unanswered;
        long sentAt;
        long notBefore;
        boolean outstanding;
    }

    MetadataPeer(P key) {
        this.key = key;
    }

    /** Whether the piece can be asked for now. */
    boolean mayAsk(int piece, long now) {
        Ask ask = asks.get(piece);
        return ask == null || (!ask.outstanding && ask.count < MAX_ASKS && now >= ask.notBefore);
    }

    /** Whether the piece can be asked for now or soon, that is without a long wait. */
    boolean isUseful(int piece, long now) {
        Ask ask = asks.get(piece);
        return ask == null || (ask.count < MAX_ASKS && now + PAUSE >= ask.notBefore);
    }

    /** Whether the piece will not be asked for again. */
    boolean isSpent(int piece) {
        Ask ask = asks.get(piece);
        return ask != null && ask.count >= MAX_ASKS;
    }

    void asked(int piece, long now) {
        Ask ask = asks.computeIfAbsent(piece, none -> new Ask());
        ask.count++;
        ask.unanswered++;
        ask.sentAt = now;
        ask.notBefore = now + PAUSE;
        ask.outstanding = true;
        outstanding++;
    }

    /** Notes an answer; false if the piece was not asked for, or every request for it has been answered. */
    boolean answered(int piece) {
        Ask ask = asks.get(piece);
        if (ask == null || ask.unanswered == 0) {
            return false;
        }
        ask.unanswered--;
        silence = 0;
        settle(ask);
        return true;
    }

    void rejected(int piece, long now) {
        Ask ask = asks.get(piece);
        if (ask != null) {
            ask.notBefore = now + PAUSE_AFTER_REJECT;
        }
    }

    /** Gives up waiting for what was asked at {@code since} or before. */
    void expire(long since) {
        int before = outstanding;
        if (outstanding > 0) {
            asks.values().stream().filter(ask -> ask.sentAt <= since).forEach(this::settle);
        }
        silence += before - outstanding;
    }

    private void settle(Ask ask) {
        if (ask.outstanding) {
            ask.outstanding = false;
            outstanding--;
        }
    }

    /** Forgets what was asked: it was about other metadata. */
    void forget() {
        asks.clear();
        outstanding = 0;
    }
}
