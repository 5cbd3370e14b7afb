/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests a download from a peer that chokes it, over real TCP on the loopback interface. */
class AllowedFastTest {
    private static final int LENGTH = 10 * TestData.PIECE_LENGTH;
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path temp;

    private Path source;
    private Torrent torrent;
    private final Disposable.Composite running = Disposables.composite();
    private final Queue<Integer> done = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> served = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void create() throws IOException {
        source = TestData.file(temp.resolve("file.bin"), LENGTH);
        torrent = TestData.torrent(source);
    }

    @AfterEach
    void stop() {
        running.dispose();
    }

    private interface Script {
        Mono<Void> play(Wire wire);
    }

    /** Starts a peer with all pieces that serves what it may, and a download from it. */
    private void download(Script script) {
        BlockSource blocks = Storage.reading(torrent, source)::read;
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = WireServer.create()
                .options(WireOptions.builder().allowedFastPieces(0).build()) // the script allows them
                .tcp(tcp -> tcp.host("127.0.0.1").port(0))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> Mono.when(
                        wire.blocks().serve(request -> {
                            served.add(request.piece());
                            return blocks.read(request);
                        }),
                        wire.announce(PieceSet.all(torrent.pieceCount())).then(script.play(wire))))
                .bindNow();
        running.add(server);
        SwarmSettings settings = SwarmSettings.dialling(List.of(TestData.local(server.port())));
        running.add(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {
                    if (event instanceof SwarmEvent.PieceDone piece) {
                        done.add(piece.piece());
                    }
                })
                .run()
                .subscribe(completed -> {}, error -> {}));
    }

    private static Mono<Void> allow(Wire wire, int... pieces) {
        return Flux.fromStream(Arrays.stream(pieces).boxed())
                .concatMap(piece -> wire.outbound().send(new Message.AllowedFast(piece)))
                .then();
    }

    private void awaitPieces(int count) {
        Flux.interval(Duration.ofMillis(20))
                .takeUntil(tick -> done.size() >= count)
                .blockLast(SOON);
    }

    @Test
    void aPeerThatNeverUnchokesGivesTheAllowedPieces() {
        download(wire -> allow(wire, 3, 7));

        awaitPieces(2);
        Mono.delay(Duration.ofMillis(300)).block();

        assertThat(done).containsExactlyInAnyOrder(3, 7);
        assertThat(served).containsOnly(3, 7);
    }

    @Test
    void aPieceAllowedLaterIsRequested() {
        download(
                wire -> allow(wire, 3).then(Mono.delay(Duration.ofMillis(300))).then(Mono.defer(() -> allow(wire, 5))));

        awaitPieces(2);

        assertThat(done).containsExactly(3, 5);
    }

    @Test
    void anUnchokeAfterwardsGivesTheRest() {
        download(wire -> allow(wire, 3).then(Mono.delay(Duration.ofMillis(300))).then(Mono.defer(() -> wire.outbound()
                .send(new Message.Unchoke()))));

        awaitPieces(10);

        assertThat(done).hasSize(10).startsWith(3);
    }
}
