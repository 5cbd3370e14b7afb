/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockExchange;
import org.peerwire.BlockSource;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.WireOptions;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.ChokeState;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The block exchange of the user: knows which requests the peer lets us make, and makes them. */
public final class Blocks implements BlockExchange {
    private final WireContext context;
    private final WireOptions options;
    private final ChokeState choke;
    private final PeerAdvice advice;
    private final PendingRequests pending;
    private final Downloads downloads;
    private final UploadQueue uploads;
    private final OutboundQueue outbound;
    private final DownloadBuffer buffer;

    /** Creates the exchange over its parts. */
    public Blocks(
            WireContext context,
            WireOptions options,
            ChokeState choke,
            PeerAdvice advice,
            PendingRequests pending,
            Downloads downloads,
            UploadQueue uploads,
            OutboundQueue outbound) {
        this.context = context;
        this.options = options;
        this.choke = choke;
        this.advice = advice;
        this.pending = pending;
        this.downloads = downloads;
        this.uploads = uploads;
        this.outbound = outbound;
        this.buffer = new DownloadBuffer(options.downloadBuffer());
    }

    @Override
    public Mono<Block> request(BlockRequest request) {
        requireRequestable(request);
        return new SingleRequest(context, this, request);
    }

    @Override
    public Flux<Block> download(Publisher<BlockRequest> requests) {
        return downloading(requests, options.requestWindow(), null);
    }

    @Override
    public Flux<Block> download(
            Publisher<BlockRequest> requests,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        return downloading(requests, window, Objects.requireNonNull(onFailure, "onFailure"));
    }

    private Flux<Block> downloading(
            Publisher<BlockRequest> requests,
            RequestWindow window,
            @Nullable BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Block> actual) {
                requests.subscribe(new BlockDownload(context, Blocks.this, actual, window, buffer, onFailure));
            }
        };
    }

    @Override
    public Mono<Void> serve(BlockSource source) {
        return uploads.serve(source);
    }

    /** Refuses a request that no peer may make. Any thread. */
    void requireRequestable(BlockRequest request) {
        int max = options.limits().maxBlockLength();
        if (!request.isPlausible() || request.length() > max) {
            throw new IllegalArgumentException("the block must be of 1 to " + max + " bytes, was " + request);
        }
    }

    /** Makes a request, or fails the listener at once. */
    @EventLoopOnly
    void request(BlockRequest request, PendingRequests.Listener listener) {
        if (context.isEnded()) {
            listener.onFailure(new RequestException(Reason.CLOSED, request));
        } else if (!mayRequest(request)) {
            listener.onFailure(new RequestException(Reason.CHOKED, request));
        } else {
            pending.request(request, listener);
        }
    }

    @EventLoopOnly
    void cancel(BlockRequest request, PendingRequests.Listener listener) {
        pending.cancel(request, listener);
    }

    @EventLoopOnly
    void cancelAll(PendingRequests.Listener listener) {
        outbound.batch(() -> pending.cancelAll(listener));
    }

    /** Returns false after the end, when each request fails at once. */
    @EventLoopOnly
    boolean peerChoking() {
        return !context.isEnded() && choke.now().peerChoking();
    }

    /** Returns true if the peer lets us request this block now. */
    @EventLoopOnly
    boolean mayRequest(BlockRequest request) {
        return !peerChoking() || advice.isAllowedFast(request.piece());
    }

    /** Returns true if the peer lets us request any block now. */
    @EventLoopOnly
    boolean mayRequestAny() {
        return !peerChoking() || advice.allowsAny();
    }

    /** Returns how many more requests the peer queues without dropping one. */
    @EventLoopOnly
    int roomAtPeer() {
        int told = advice.requestQueue();
        int queue = told > 0 ? told : options.defaultPeerRequestQueue();
        // Transmission 3.00 rejects the request that would fill its queue, so one place stays free
        return Math.max(1, queue - 1) - pending.size();
    }

    /** Enters a download. */
    @EventLoopOnly
    void add(BlockDownload download) {
        if (context.isEnded()) {
            download.onWireEnd();
        } else {
            downloads.add(download);
            download.schedule();
        }
    }

    @EventLoopOnly
    void remove(BlockDownload download) {
        downloads.remove(download);
    }

    /** Tells all downloads that one of them needs less of the buffer. */
    @EventLoopOnly
    void onBufferFreed() {
        downloads.onPlaceFreed();
    }

    @EventLoopOnly
    void batch(Runnable task) {
        outbound.batch(task);
    }
}
