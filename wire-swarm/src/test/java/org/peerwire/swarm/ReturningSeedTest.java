/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.BlockSource;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/** A download whose only peer goes away and returns, over real TCP on the loopback interface. */
class ReturningSeedTest {
    private static final int PIECE = 32 * 1024;
    private static final int LENGTH = 10 * PIECE;

    private final byte[] content = TestTorrents.bytes(LENGTH);
    private final Torrent torrent = TestTorrents.of(content, PIECE);
    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private BlockSource blocks() {
        return TestSeeds.blocks(torrent, content);
    }

    private Mono<Void> serve(Wire wire, BlockSource blocks) {
        return wire.announce(PieceSet.all(torrent.pieceCount()))
                .then(wire.outbound().send(new Message.Unchoke()))
                .then(wire.blocks().serve(blocks));
    }

    @Test
    void theOnlySeedIsFoundSoonAfterItsReturn() {
        Sinks.Empty<Void> half = Sinks.empty();
        AtomicInteger served = new AtomicInteger();
        BlockSource untilHalf = request -> {
            if (served.incrementAndGet() > 10) {
                half.tryEmitEmpty();
                return Mono.never();
            }
            return blocks().read(request);
        };
        DisposableServer first = seeds.script(torrent, 0, wire -> {
            half.asMono().subscribe(null, null, wire::dispose);
            return serve(wire, untilHalf);
        });
        Leecher leecher = Leecher.of(torrent, TestSeeds.local(first.port()));
        seeds.add(leecher);
        Mono<Void> result = leecher.swarm.download(leecher.store).cache();
        result.subscribe(null, error -> {});
        half.asMono().block(Duration.ofSeconds(15));
        first.disposeNow();
        Mono.delay(Duration.ofSeconds(4)).block();

        seeds.script(torrent, first.port(), wire -> serve(wire, blocks()));
        result.block(Duration.ofSeconds(5));

        assertThat(leecher.content(torrent)).isEqualTo(content);
    }

    @Test
    void aSeedThatClosesAfterEachFewBlocksGivesAllOfThem() {
        AtomicInteger wires = new AtomicInteger();
        DisposableServer seed = seeds.script(torrent, 0, wire -> {
            wires.incrementAndGet();
            AtomicInteger sent = new AtomicInteger();
            return serve(wire, request -> sent.incrementAndGet() > 4 ? Mono.never() : blocks().read(request))
                    .takeUntilOther(Flux.interval(Duration.ofMillis(10))
                            .filter(tick -> wire.stats().payloadOut() >= 4 * BlockRequest.BLOCK_LENGTH))
                    .then(Mono.defer(wire::close));
        });
        Leecher leecher = Leecher.of(torrent, TestSeeds.local(seed.port()));
        seeds.add(leecher);

        assertThat(leecher.download())
                .as("the bytes of all wires to the peer")
                .containsOnlyKeys(TestSeeds.local(seed.port()))
                .containsValue((long) LENGTH);

        assertThat(leecher.content(torrent)).isEqualTo(content);
        assertThat(wires).hasValueGreaterThanOrEqualTo(5);
    }
}
