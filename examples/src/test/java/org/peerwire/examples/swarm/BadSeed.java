/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/**
 * Changes a byte in every block of one piece.
 *
 * @param source the right blocks
 * @param piece the piece to spoil
 */
record BadSeed(BlockSource source, int piece) implements BlockSource {
    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return source.read(request).map(data -> request.piece() == piece ? data.setByte(0, data.getByte(0) ^ 1) : data);
    }
}
