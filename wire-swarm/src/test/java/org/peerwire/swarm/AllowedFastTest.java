/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A download from a peer that chokes it, over real TCP on the loopback interface. */
class AllowedFastTest {
    private static final int PIECE = 32 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final byte[] content = TestTorrents.bytes(10 * PIECE);
    private final Torrent torrent = TestTorrents.of(content, PIECE);
    private final TestSeeds seeds = new TestSeeds();
    private final Queue<Integer> served = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    /** Starts a peer with all pieces that serves what it may, and a download from it. */
    private Leecher download(Function<Wire, Mono<Void>> script) {
        DisposableServer server = seeds.script(
                torrent,
                0,
                wire -> Mono.when(
                        wire.blocks().serve(request -> {
                            served.add(request.piece());
                            return TestSeeds.blocks(torrent, content).read(request);
                        }),
                        wire.announce(PieceSet.all(torrent.pieceCount())).then(script.apply(wire))));
        Leecher leecher = Leecher.of(torrent, TestSeeds.local(server.port()));
        seeds.add(leecher);
        leecher.start();
        return leecher;
    }

    private static Mono<Void> allow(Wire wire, int... pieces) {
        return Flux.fromStream(Arrays.stream(pieces).boxed())
                .concatMap(piece -> wire.outbound().send(new Message.AllowedFast(piece)))
                .then();
    }

    private static List<Integer> pieces(Leecher leecher, int count) {
        return leecher.await(SwarmEvent.PieceVerified.class, count).stream()
                .map(SwarmEvent.PieceVerified::piece)
                .toList();
    }

    @Test
    void aPeerThatNeverUnchokesGivesTheAllowedPieces() {
        Leecher leecher = download(wire -> allow(wire, 3, 7));

        pieces(leecher, 2);
        Mono.delay(PAUSE).block();

        assertThat(pieces(leecher, 2)).containsExactlyInAnyOrder(3, 7);
        assertThat(served).containsOnly(3, 7);
    }

    @Test
    void aPieceAllowedLaterIsRequested() {
        Leecher leecher =
                download(wire -> allow(wire, 3).then(Mono.delay(PAUSE)).then(Mono.defer(() -> allow(wire, 5))));

        assertThat(pieces(leecher, 2)).containsExactly(3, 5);
    }

    @Test
    void anUnchokeAfterwardsGivesTheRest() {
        Leecher leecher =
                download(wire -> allow(wire, 3).then(Mono.delay(PAUSE)).then(Mono.defer(() -> wire.outbound()
                        .send(new Message.Unchoke()))));

        assertThat(pieces(leecher, 10)).hasSize(10).startsWith(3);
    }
}
