/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.peerwire.Block;
import org.peerwire.BlockExchange;
import org.peerwire.BlockSource;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The block exchange: who may ask for what, and the downloads that are told when that changes. */
final class Blocks implements BlockExchange {
    private final Engine engine;
    private final Conversation conversation;
    private final WireOptions options;

    /** Replaced, never changed: downloads come and go while they are being told. */
    @EventLoopOnly
    private List<Downloader> downloads = List.of();

    Blocks(Engine engine, Conversation conversation, WireOptions options) {
        this.engine = engine;
        this.conversation = conversation;
        this.options = options;
    }

    @Override
    public Mono<Block> request(BlockRequest request) {
        checkOurs(request);
        return new BlockMono(this, request);
    }

    @Override
    public Flux<Block> download(Publisher<BlockRequest> requests) {
        return download(requests, options.requestWindow(), (request, failure) -> Mono.error(failure));
    }

    @Override
    public Flux<Block> download(
            Publisher<BlockRequest> requests,
            RequestWindow window,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Block> actual) {
                requests.subscribe(new Downloader(Blocks.this, actual, window, onFailure));
            }
        };
    }

    @Override
    public Mono<Void> serve(BlockSource source) {
        return conversation.uploads.serve(source);
    }

    /** Refuses what we must not ask for. Any thread. */
    void checkOurs(BlockRequest request) {
        if (!request.isPlausible() || request.length() > options.limits().maxBlockLength()) {
            throw new IllegalArgumentException(request + " cannot be asked for: a block has 1 to "
                    + options.limits().maxBlockLength() + " bytes");
        }
    }

    void onLoop(Runnable task) {
        engine.onLoop(task);
    }

    /** Asks, or fails the listener at once. */
    @EventLoopOnly
    void ask(BlockRequest request, PendingRequests.Listener listener) {
        if (engine.isTerminated()) {
            listener.onFailure(new RequestException(Reason.CLOSED, request));
        } else if (!mayAsk(request)) {
            listener.onFailure(new RequestException(Reason.CHOKED, request));
        } else {
            conversation.pending.ask(request, listener, engine.activeMillis());
        }
    }

    @EventLoopOnly
    void cancel(BlockRequest request, PendingRequests.Listener listener) {
        conversation.pending.cancel(request, listener, engine.activeMillis());
    }

    @EventLoopOnly
    void cancelAll(PendingRequests.Listener listener) {
        conversation.pending.cancelAll(listener, engine.activeMillis());
    }

    @EventLoopOnly
    boolean peerChoking() {
        return conversation.states.now().peerChoking();
    }

    /** Whether the peer lets us ask for this block now. */
    @EventLoopOnly
    boolean mayAsk(BlockRequest request) {
        return !peerChoking() || conversation.advice.isAllowedFast(request.piece());
    }

    @EventLoopOnly
    boolean mayAskAnything() {
        return !peerChoking() || conversation.advice.allowsAny();
    }

    /** How many more requests the peer queues without dropping any. */
    @EventLoopOnly
    int roomAtPeer() {
        int told = conversation.extensions.peerRequestQueue();
        int queue = told > 0 ? told : options.defaultPeerRequestQueue();
        // Transmission 3.00 rejects the request that would fill its queue, so one place stays free
        return Math.max(1, queue - 1) - conversation.pending.size();
    }

    @EventLoopOnly
    void add(Downloader download) {
        if (download.isDone()) {
            return; // cancelled while it subscribed
        }
        if (engine.isTerminated()) {
            download.fail(engine.closedException());
            return;
        }
        List<Downloader> more = new ArrayList<>(downloads);
        more.add(download);
        downloads = List.copyOf(more);
        download.schedule();
    }

    @EventLoopOnly
    void remove(Downloader download) {
        List<Downloader> fewer = new ArrayList<>(downloads);
        fewer.remove(download);
        downloads = List.copyOf(fewer);
    }

    /** The peer lets us ask for more: an unchoke, the allowed-fast set, its queue. */
    @EventLoopOnly
    void permissionsChanged() {
        downloads.forEach(Downloader::permissionsChanged);
    }

    /** A place in the peer's queue has become free. */
    @EventLoopOnly
    void placeFreed() {
        downloads.forEach(Downloader::schedule);
    }

    @EventLoopOnly
    void batch(Runnable task) {
        conversation.outbound.batch(task);
    }

    @EventLoopOnly
    void tick(long now) {
        downloads.forEach(download -> download.tick(now));
    }

    @EventLoopOnly
    void close() {
        List<Downloader> last = downloads;
        last.forEach(download -> download.fail(engine.closedException()));
    }
}
