/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.function.BiFunction;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The exchange of blocks with one peer (BEP 3, BEP 6). All signals are emitted on the event loop of the wire. A
 * subscriber owns the blocks that it receives; see {@link PayloadMode}.
 */
public interface BlockExchange {

    /**
     * Requests one block. Each subscription sends one request. A cancellation withdraws it: an unwritten request is
     * removed, a written one is cancelled by a message.
     *
     * @param request the block
     * @return the block, or fails with {@link RequestException}; see its reasons. CHOKED is immediate if the peer
     *     chokes this side and the piece is not allowed fast. Without Fast a later choke fails the request too
     * @throws IllegalArgumentException if the request is not plausible or exceeds {@link WireLimits#maxBlockLength()}
     */
    Mono<Block> request(BlockRequest request);

    /**
     * Requests many blocks with {@link WireOptions#requestWindow()}, and fails at the first failed request. The same as
     * {@link #download(Publisher, RequestWindow, BiFunction)} with {@code (request, failure) -> Mono.error(failure)}.
     *
     * @param requests the blocks, pulled one by one as places become free
     * @return the blocks in the order of arrival
     */
    Flux<Block> download(Publisher<BlockRequest> requests);

    /**
     * Requests many blocks, as fast as the peer answers and as the subscriber demands. The number of outstanding
     * requests is at most the window, the demand, and one less than the peer's {@code reqq}; requests outside this
     * download also use reqq. While the peer chokes this side, only allowed-fast pieces are requested. A request
     * lost to a choke is repeated.
     *
     * @param requests the blocks, pulled one by one as places become free
     * @param window the number of outstanding requests
     * @param onFailure returns a block from elsewhere, an empty publisher to skip the block, or an error to fail the
     *     flux. Called on the event loop for every failure except a choke; must not block. The result may signal on any
     *     thread
     * @return the blocks in the order of arrival; completes when the publisher has completed and every block has
     *     arrived or was skipped. A cancellation withdraws all outstanding requests. Fails with the publisher's error,
     *     with {@link IllegalArgumentException} for a request as in {@link #request}, or with
     *     {@link ConnectionException} CLOSED when the wire ends
     */
    Flux<Block> download(
            Publisher<BlockRequest> requests,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure);

    /**
     * Serves the peer's requests on subscription, while this side does not choke it. At most
     * {@link WireLimits#maxQueuedUploads()} requests wait, without their data. A block is read from the source when the
     * socket takes data.
     *
     * <p>A choke by this side empties the queue, and a cancel of the peer removes one request. Under Fast every request
     * gets exactly one answer. If Fast is in use and the shape is known, an IPv4 peer first receives the
     * {@link AllowedFastSet} of {@link WireOptions#allowedFastPieces()} pieces.
     *
     * @param source the source of the blocks
     * @return completes when the wire ends; a cancellation stops serving and empties the queue. Fails with the source's
     *     error, or with {@link IllegalStateException} if a source is serving already or returns a wrong number of
     *     bytes. The wire stays open
     */
    Mono<Void> serve(BlockSource source);
}
