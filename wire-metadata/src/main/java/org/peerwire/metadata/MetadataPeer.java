/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one peer in {@link MetadataAssembler}. Times are in milliseconds. */
final class MetadataPeer<P> {
    /** The maximum number of requests for one piece to one peer, also after a reject. */
    static final int MAX_ASKS = 3;

    /** The shortest time between two requests for the same piece to the same peer, also after the first reject. */
    static final long PAUSE = 3_000;

    /** The same after a second reject. */
    static final long LONG_PAUSE = 60_000;

    final P key;

    /** The id of the extension at the peer, or 0. */
    int id;

    /** The claimed size, or 0 if the peer has no metadata. */
    int size;

    /** The number of sizes claimed so far. */
    int claims;

    /** The number of impossible pieces received. */
    int faults;

    /** The number of consecutive requests without an answer in time. */
    int silence;

    /** True after the peer has announced that it has no metadata. */
    boolean denied;

    /** True after the peer has been excluded for good. */
    boolean barred;

    /** The earliest time to place the peer in a claim. */
    long waitUntil;

    /** The pieces of this peer alone, while it has to prove that it does not lie. */
    @Nullable
    PieceBuffer alone;

    /** The time when {@link #alone} was created. */
    long aloneSince;

    /** The number of requests that wait for an answer. */
    int outstanding;

    private final Map<Integer, Ask> asks = new HashMap<>();

    private static final class Ask {
        int count;
        int unanswered;
        int rejects;
        long sentAt;
        long notBefore;
        boolean outstanding;
    }

    MetadataPeer(P key) {
        this.key = key;
    }

    /** Returns true if the piece can be requested now. */
    boolean mayAsk(int piece, long now) {
        Ask ask = asks.get(piece);
        return ask == null || (!ask.outstanding && ask.count < MAX_ASKS && now >= ask.notBefore);
    }

    /** Returns true if the piece can be requested now or within {@link #PAUSE}. */
    boolean isUseful(int piece, long now) {
        Ask ask = asks.get(piece);
        return ask == null || (ask.count < MAX_ASKS && now + PAUSE >= ask.notBefore);
    }

    /** Returns true if the piece cannot be requested again. */
    boolean isSpent(int piece) {
        Ask ask = asks.get(piece);
        return ask != null && ask.count >= MAX_ASKS;
    }

    void asked(int piece, long now) {
        Ask ask = asks.computeIfAbsent(piece, absent -> new Ask());
        ask.count++;
        ask.unanswered++;
        ask.sentAt = now;
        ask.notBefore = now + PAUSE;
        ask.outstanding = true;
        outstanding++;
    }

    /** Records an answer. Returns false if the piece has no unanswered request. */
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
            ask.notBefore = now + (++ask.rejects == 1 ? PAUSE : LONG_PAUSE);
        }
    }

    /** Returns the pieces of the outstanding requests. */
    List<Integer> awaited() {
        List<Integer> awaited = new ArrayList<>();
        asks.forEach((piece, ask) -> {
            if (ask.outstanding) {
                awaited.add(piece);
            }
        });
        return awaited;
    }

    /** Stops waiting for the outstanding answers, so that their pieces can be requested again at once. */
    void lose(long now) {
        asks.values().stream().filter(ask -> ask.outstanding).forEach(ask -> {
            ask.notBefore = now;
            settle(ask);
        });
    }

    /** Stops waiting for answers to requests sent at {@code since} or before. */
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

    /** Discards all requests, because they were for other metadata. */
    void forget() {
        asks.clear();
        outstanding = 0;
    }
}
