/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.function.BiFunction;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asking for blocks and serving them (BEP 3, BEP 6). All signals come on the wire's event loop. */
public interface BlockExchange {

    /**
     * One block. Nothing is sent before the subscription, and one request for each subscription. Cancelling takes the
     * request back: before it was written by removing it, after that by a cancel message.
     *
     * @param request which block
     * @return the block, or a {@link RequestException}: CHOKED at once when the peer chokes us and the piece is not
     *     allowed fast, or when it chokes us later without Fast; REJECTED, TIMED_OUT after
     *     {@link WireOptions#requestTimeout()}, DUPLICATE when the same block is outstanding, CLOSED
     * @throws IllegalArgumentException if the request is not plausible or longer than
     *     {@link WireLimits#maxBlockLength()}
     */
    Mono<Block> request(BlockRequest request);

    /**
     * Blocks as they come, asked for as fast as the peer answers and no faster than downstream takes them: the number
     * outstanding is at most the window, the peer's {@code reqq} and the downstream demand. While the peer chokes us
     * nothing is asked for; what a choke has undone is asked for again after the unchoke. A request that fails otherwise
     * fails the flux.
     *
     * @param requests which blocks, pulled one for one as places become free
     * @return the blocks in the order in which they come; completes when the source has completed and every block has
     *     come; cancelling it takes every outstanding request back
     */
    Flux<Block> download(Publisher<BlockRequest> requests);

    /**
     * The same with a window of your own and a way on after a failure.
     *
     * @param requests which blocks
     * @param window how many may be outstanding
     * @param onFailure what to do instead of failing the flux: a block from elsewhere, or empty to go on without it.
     *     Called on the event loop
     */
    Flux<Block> download(
            Publisher<BlockRequest> requests,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure);

    /**
     * Answers the peer's requests while we do not choke it. Requests wait as descriptors, at most
     * {@link WireLimits#maxQueuedUploads()} of them, and are read when the socket takes data. Our choke empties the
     * queue, the peer's cancel removes one; under Fast each request gets exactly one answer. When the peer is on IPv4,
     * Fast is on and the shape known, the pieces of {@link AllowedFastSet} are announced first
     * ({@link WireOptions#allowedFastPieces()}).
     *
     * @param source where the blocks come from
     * @return completes when the wire ends, fails when the source fails; cancelling stops serving. Only one at a time:
     *     a second subscription fails with {@link IllegalStateException}
     */
    Mono<Void> serve(BlockSource source);
}
