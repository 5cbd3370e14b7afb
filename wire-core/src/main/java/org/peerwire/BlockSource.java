/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/** Where the blocks we upload come from: a file, memory, another wire. */
@FunctionalInterface
public interface BlockSource {
    /**
     * Reads one block. Called on the event loop, so a source that blocks must move away from it
     * ({@code subscribeOn}); the answer may come on any thread. It is called only while the socket takes data and less
     * than {@link WireOptions#uploadBuffer()} bytes are held for this wire; the subscription is cancelled when the peer
     * cancels the request, when we choke it, or when the wire ends.
     *
     * @param request which block; inside the torrent if its shape is known, and no longer than
     *     {@link WireLimits#maxBlockLength()}
     * @return the bytes, exactly {@code request.length()}, whose ownership passes to the wire; empty to refuse, which
     *     sends a reject under Fast and nothing otherwise; an error ends {@link BlockExchange#serve}
     */
    Mono<ByteBuf> read(BlockRequest request);
}
