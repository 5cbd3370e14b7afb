/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.peerwire.test.Fixture.bytes;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.BlockSource;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A block source that the test answers. Records the requests and the cancelled ones. */
public final class Serving implements BlockSource {
    private final List<BlockRequest> asked = new ArrayList<>();
    private final List<BlockRequest> cancelled = new ArrayList<>();
    private final Map<BlockRequest, Sinks.One<ByteBuf>> open = new LinkedHashMap<>();

    /** Unchokes the peer and serves it. Skips the announcements. */
    public static Serving on(ScriptedPeer peer) {
        Serving serving = new Serving();
        unchoke(peer.wire());
        peer.wire().blocks().serve(serving).subscribe(done -> {}, error -> {});
        peer.received();
        return serving;
    }

    /** Unchokes the peer, and serves the bytes of the torrent at once. */
    public static ScriptedPeer atOnce(ScriptedPeer peer) {
        unchoke(peer.wire());
        peer.wire().blocks().serve(block -> Mono.just(bytes(block))).subscribe();
        peer.received();
        return peer;
    }

    private static void unchoke(Wire wire) {
        wire.outbound().tryEmit(new Message.Unchoke());
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        asked.add(request);
        Sinks.One<ByteBuf> answer = Sinks.one();
        open.put(request, answer);
        return answer.asMono().doOnCancel(() -> cancelled.add(request));
    }

    public List<BlockRequest> asked() {
        return asked;
    }

    public List<BlockRequest> cancelled() {
        return cancelled;
    }

    public void answer(BlockRequest request) {
        answer(request, bytes(request));
    }

    public void answer(BlockRequest request, ByteBuf data) {
        take(request).tryEmitValue(data);
    }

    public void refuse(BlockRequest request) {
        take(request).tryEmitEmpty();
    }

    public void fail(BlockRequest request, Throwable cause) {
        take(request).tryEmitError(cause);
    }

    private Sinks.One<ByteBuf> take(BlockRequest request) {
        Sinks.One<ByteBuf> sink = open.remove(request);
        if (sink == null) {
            throw new IllegalStateException(request + " is not being read");
        }
        return sink;
    }
}
