/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** The number of bytes that a download has received. Not thread-safe. */
final class Tally {
    private final Map<InetSocketAddress, Long> perPeer = new LinkedHashMap<>();
    private long received;
    private long useful;

    /**
     * Counts a block.
     *
     * @param wasMissing true if it is the first copy
     */
    void add(InetSocketAddress peer, int length, boolean wasMissing) {
        received += length;
        if (wasMissing) {
            useful += length;
            perPeer.merge(peer, (long) length, Long::sum);
        }
    }

    /** Returns the number of bytes received, second copies of a block included. */
    long received() {
        return received;
    }

    /** Returns the number of bytes received without second copies. */
    long useful() {
        return useful;
    }

    /** Returns the number of bytes received from each peer, without second copies. */
    Map<InetSocketAddress, Long> perPeer() {
        return Map.copyOf(perPeer);
    }
}
