/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.BlockRequest;

/** A receiver of blocks on the thread of the swarm. */
@FunctionalInterface
interface BlockTaker {
    /** Takes the bytes of a block out of a buffer, which stays with the caller. */
    void take(Lane from, BlockRequest block, ByteBuf data);
}
