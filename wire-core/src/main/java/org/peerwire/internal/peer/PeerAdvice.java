/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.peerwire.WireLimits;
import org.peerwire.internal.loop.EventLoopOnly;

/**
 * The advice of the peer about requests: allowed-fast and suggested pieces (BEP 6) and the length of its request queue.
 * Bounded, changed on the event loop; the lists are read on any thread.
 */
public final class PeerAdvice {
    private final int maxAllowed;
    private final int maxSuggested;

    @EventLoopOnly
    private final Set<Integer> allowed = new LinkedHashSet<>();

    @EventLoopOnly
    private int requestQueue;

    private volatile List<Integer> allowedSnapshot = List.of();
    private volatile List<Integer> suggested = List.of();

    /** Creates the advice of a peer that has said nothing. */
    public PeerAdvice(WireLimits limits) {
        this.maxAllowed = limits.maxAllowedFast();
        this.maxSuggested = limits.maxSuggested();
    }

    /** Adds an allowed-fast piece. Returns false if the limit is reached. */
    @EventLoopOnly
    public boolean allow(int piece) {
        if (allowed.contains(piece)) {
            return true;
        }
        if (allowed.size() >= maxAllowed) {
            return false;
        }
        allowed.add(piece);
        allowedSnapshot = List.copyOf(allowed);
        return true;
    }

    /** Adds a suggested piece. Over the limit the oldest is removed. */
    @EventLoopOnly
    public void suggest(int piece) {
        suggested = Stream.concat(Stream.of(piece), suggested.stream().filter(other -> other != piece))
                .limit(maxSuggested)
                .toList();
    }

    /** Removes pieces that the torrent does not have. */
    @EventLoopOnly
    public void pieceCount(int count) {
        allowed.removeIf(piece -> piece >= count);
        allowedSnapshot = List.copyOf(allowed);
        suggested = suggested.stream().filter(piece -> piece < count).toList();
    }

    /** Returns true if the peer answers requests for the piece while it chokes us. */
    @EventLoopOnly
    public boolean isAllowedFast(int piece) {
        return allowed.contains(piece);
    }

    /** Returns true if any piece is allowed fast. */
    @EventLoopOnly
    public boolean allowsAny() {
        return !allowed.isEmpty();
    }

    /** Sets the number of requests that the peer queues ({@code reqq}, BEP 10); 0 if it has not said. */
    @EventLoopOnly
    public void requestQueue(int length) {
        requestQueue = length;
    }

    /** Returns the number of requests that the peer queues, 0 if it has not said. */
    @EventLoopOnly
    public int requestQueue() {
        return requestQueue;
    }

    /** Returns the allowed-fast pieces, oldest first. Any thread. */
    public List<Integer> allowedFast() {
        return allowedSnapshot;
    }

    /** Returns the suggested pieces, newest first. Any thread. */
    public List<Integer> suggested() {
        return suggested;
    }
}
