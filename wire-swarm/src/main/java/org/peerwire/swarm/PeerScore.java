/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;

/**
 * A score of an address that may be dialled; the highest is dialled first. Called on the thread of the swarm; must not
 * block.
 */
@FunctionalInterface
public interface PeerScore {

    /** Returns the score of an address. */
    double score(Known known);

    /**
     * The facts about an address.
     *
     * @param address the address
     * @param source its origin
     * @param wasReached true if a dial of it has led to a wire before
     * @param failures the number of failed dials in a row
     * @param received the bytes of blocks that it has sent us
     * @param priority its priority by BEP 40, from 0 to 1, the same at both ends of a connection; random if our own
     *     address is unknown
     */
    record Known(
            InetSocketAddress address,
            PeerSource source,
            boolean wasReached,
            int failures,
            long received,
            double priority) {}

    /**
     * Returns the default: addresses of the user first, then those that have sent data, then those that were reached,
     * then by BEP 40. Each failure in a row costs.
     */
    static PeerScore standard() {
        return known -> (known.source() == PeerSource.USER ? 16 : 0)
                + (known.received() > 0 ? 8 : 0)
                + (known.wasReached() ? 4 : 0)
                + known.priority()
                - known.failures();
    }
}
