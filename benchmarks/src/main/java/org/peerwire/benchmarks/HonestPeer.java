/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An honest peer that downloads. */
final class HonestPeer {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private HonestPeer() {}

    /**
     * Downloads for this time after the first block, and returns the bytes per second. Returns 0 if the handshake
     * fails.
     */
    static double rate(int port, Duration duration) {
        WireOptions options = WireOptions.builder()
                .payloadMode(PayloadMode.POOLED)
                .handshakeTimeout(PATIENCE)
                .build();
        LocalPeer self = LocalPeer.of(Server.SERVED, PeerId.random()).withShape(Server.SHAPE);
        Wire wire = WireClient.create()
                .options(options)
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), self)
                .onErrorComplete(HandshakeException.class)
                .block(PATIENCE.multipliedBy(2));
        if (wire == null) {
            return 0;
        }
        try {
            LongAdder bytes = new LongAdder();
            Flux<BlockRequest> blocks = Flux.range(0, Server.SHAPE.pieceCount())
                    .concatMapIterable(Server.SHAPE::blocks)
                    .repeat();
            Mono<Void> downloading = wire.blocks()
                    .download(blocks)
                    .doOnNext(block -> {
                        bytes.add(block.length());
                        block.data().release();
                    })
                    .then();
            Mono<Void> warm = Mono.delay(duration.dividedBy(4)).then(Mono.fromRunnable(bytes::reset));
            Mono.firstWithSignal(downloading, warm.then(Mono.delay(duration)).then())
                    .block(PATIENCE.plus(duration.multipliedBy(2)));
            return bytes.sum() / (duration.toMillis() / 1000.0);
        } finally {
            wire.dispose();
        }
    }
}
