/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import io.netty.buffer.ByteBuf;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;

/** The pieces that we serve and their source, which change together. */
record Stock(PieceSet have, BlockSource source) {
    static final Stock NOTHING = new Stock(PieceSet.empty(), request -> Mono.empty());

    boolean has(BlockRequest request) {
        return have.contains(request.piece());
    }

    Mono<ByteBuf> read(BlockRequest request) {
        return source.read(request);
    }
}
