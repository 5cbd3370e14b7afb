/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.peerwire.WireLimits;

/** What the peer allows and suggests under Fast: bounded, changed on the event loop, read anywhere. */
final class PeerAdvice {
    private final int maxAllowed;
    private final int maxSuggested;

    @EventLoopOnly
    private final Set<Integer> allowed = new LinkedHashSet<>();

    private volatile List<Integer> allowedSnapshot = List.of();
    private volatile List<Integer> suggested = List.of();

    PeerAdvice(WireLimits limits) {
        this.maxAllowed = limits.maxAllowedFast();
        this.maxSuggested = limits.maxSuggested();
    }

    /** False if there is no room for it. */
    @EventLoopOnly
    boolean allow(int piece) {
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

    /** The newest first; the oldest makes room. */
    @EventLoopOnly
    void suggest(int piece) {
        suggested = Stream.concat(Stream.of(piece), suggested.stream().filter(other -> other != piece))
                .limit(maxSuggested)
                .toList();
    }

    /** Forgets what the torrent turns out not to have. */
    @EventLoopOnly
    void pieceCount(int count) {
        allowed.removeIf(piece -> piece >= count);
        allowedSnapshot = List.copyOf(allowed);
        suggested = suggested.stream().filter(piece -> piece < count).toList();
    }

    @EventLoopOnly
    boolean isAllowedFast(int piece) {
        return allowed.contains(piece);
    }

    @EventLoopOnly
    boolean allowsAny() {
        return !allowed.isEmpty();
    }

    List<Integer> allowedFast() {
        return allowedSnapshot;
    }

    List<Integer> suggested() {
        return suggested;
    }
}
