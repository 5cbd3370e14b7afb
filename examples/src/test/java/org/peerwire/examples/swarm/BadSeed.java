/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/**
 * A source that corrupts one byte of every block.
 *
 * @param source the correct blocks
 */
record BadSeed(BlockSource source) implements BlockSource {
    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return source.read(request).map(data -> {
            ByteBuf changed = data.copy();
            data.release();
            return changed.setByte(0, changed.getByte(0) ^ 1);
        });
    }
}
