/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.HashMap;
import java.util.Map;
import org.peerwire.message.BlockRequest;

/** The pieces we have told the peer it may ask for while we choke it (BEP 6), and how much of each has gone that way. */
@EventLoopOnly
final class FastAllowance {
    private final int times;
    private final Map<Integer, Long> bytes = new HashMap<>();

    /**
     * @param times how often a choked peer may have all of a piece
     */
    FastAllowance(int times) {
        this.times = times;
    }

    void allow(int piece) {
        bytes.putIfAbsent(piece, 0L);
    }

    boolean contains(BlockRequest request) {
        return bytes.containsKey(request.piece());
    }

    /** Whether a choked peer has not had too much of the piece yet, which is so long. */
    boolean mayAsk(BlockRequest request, int pieceLength) {
        Long asked = bytes.get(request.piece());
        return asked != null && asked < (long) times * pieceLength;
    }

    void count(BlockRequest request) {
        bytes.merge(request.piece(), (long) request.length(), Long::sum);
    }
}
