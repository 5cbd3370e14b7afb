/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/** A source of blocks to upload: a file, memory, or another wire. */
@FunctionalInterface
public interface BlockSource {
    /**
     * Reads one block. Called on the event loop: a source that blocks must use {@code subscribeOn}. The result may
     * signal on any thread.
     *
     * <p>Called only while the socket takes data and less than {@link WireOptions#uploadBuffer()} bytes are held for
     * this wire. The subscription is cancelled when the peer cancels the request, when this side chokes it, or when the
     * wire ends.
     *
     * @param request the block; inside the torrent if its shape is known, and at most
     *     {@link WireLimits#maxBlockLength()} bytes
     * @return exactly {@code request.length()} bytes, which then belong to the wire; empty to refuse, which sends a
     *     reject under Fast and nothing otherwise; an error ends {@link BlockExchange#serve}
     */
    Mono<ByteBuf> read(BlockRequest request);
}
