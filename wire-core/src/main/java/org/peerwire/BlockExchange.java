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
     * Requests many blocks with {@link WireOptions#requestWindow()}, and fails at the first failed request. Otherwise the
     * same as {@link #download(Publisher, RequestWindow, BiFunction)}.
     *
     * @param requests the blocks, pulled one by one as places become free
     * @return the blocks in the order of arrival. Fails with {@link RequestException}, or with
     *     {@link ConnectionException} CLOSED if the wire ends before every block has arrived. Blocks that have arrived
     *     are emitted before the error
     */
    Flux<Block> download(Publisher<BlockRequest> requests);

    /**
     * Requests many blocks, as fast as the peer answers. Requests run ahead of the demand of the subscriber, so that its
     * prefetch does not limit the speed over a long line. Outstanding requests, awaited replacements and blocks without
     * demand are together at most the window, and at most the demand plus {@link WireOptions#downloadBuffer()}. So a
     * slow subscriber slows the peer. The outstanding requests of a wire are also less than the peer's {@code reqq}.
     * While the peer chokes this side, only allowed-fast pieces are requested. A request lost to a choke is repeated,
     * unless a cancel message that this side sends withdraws it: then it fails with CANCELLED.
     *
     * <p>After the end of the wire, {@code onFailure} is called with CLOSED: at once for every request that has been
     * pulled and has no block, and for the rest of the publisher as it is pulled. So this moves a download to another
     * wire. No block is lost, and none that has arrived is requested again:
     *
     * <pre>{@code
     * wire.blocks().download(wanted, window, (request, failure) ->
     *         other.blocks().download(Mono.just(request)).next());
     * }</pre>
     *
     * <p>A publisher that several wires share must complete when one of them ends, or the ended wire goes on to pull it:
     * {@code wanted.takeUntilOther(wire.onClose().onErrorComplete())}.
     *
     * @param requests the blocks, pulled one by one as places become free
     * @param window the number of outstanding requests
     * @param onFailure returns a block from elsewhere, an empty publisher to skip the block, or an error to fail the
     *     flux. Called once for every failed request, but not after a choke, on the event loop; must not block. The
     *     result sees the context of the subscriber and may signal on any thread
     * @return the blocks in the order of arrival; completes when the publisher has completed and every block was taken
     *     or skipped, also after the end of the wire. A cancellation withdraws all outstanding requests and releases
     *     the blocks that wait. Fails with the error of the publisher or of a replacement, or with
     *     {@link IllegalArgumentException} for a request as in {@link #request}, after the blocks that have arrived
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
     * @param source the source of the blocks; its publishers see the context of the subscriber
     * @return completes when the wire ends; a cancellation stops serving and empties the queue. Fails with the source's
     *     error, or with {@link IllegalStateException} if a source is serving already or returns a wrong number of
     *     bytes. The wire stays open
     */
    Mono<Void> serve(BlockSource source);
}
