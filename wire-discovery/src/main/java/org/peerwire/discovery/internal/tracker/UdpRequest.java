/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;

/**
 * A request that needs a connection id.
 *
 * @param action the kind of the request and of its answer
 * @param packet makes the packet, which the caller owns
 * @param reader reads the body of the answer, or throws a {@link org.peerwire.discovery.TrackerException}
 */
record UdpRequest<T>(int action, Packet packet, Function<UdpReply, T> reader) {

    /** Makes a packet. */
    interface Packet {
        ByteBuf create(long connection, int transaction);
    }
}
