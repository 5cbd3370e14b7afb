/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/** Tests a download whose only peer goes away and returns, over real TCP on the loopback interface. */
class ReturningSeedTest {
    private static final int LENGTH = 10 * TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    private Path source;
    private Torrent torrent;
    private final Disposable.Composite running = Disposables.composite();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void create() throws IOException {
        source = TestData.file(temp.resolve("file.bin"), LENGTH);
        torrent = TestData.torrent(source);
    }

    @AfterEach
    void stop() {
        running.dispose();
    }

    private interface Service {
        Mono<Void> serve(Wire wire, Uploads uploads);
    }

    /** Serves without a swarm, whose thread is that of the download. */
    private DisposableServer seed(int port, BlockSource blocks, Service service) {
        Uploads uploads = new Uploads();
        uploads.offer(PieceSet.all(torrent.pieceCount()), blocks);
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = WireServer.create()
                .tcp(tcp -> tcp.host("127.0.0.1").port(port))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> {
                    uploads.tell(wire);
                    return service.serve(wire, uploads);
                })
                .bindNow();
        running.add(server);
        return server;
    }

    private BlockSource blocks() {
        return Storage.reading(torrent, source)::read;
    }

    private Mono<SwarmEvent.Completed> download(InetSocketAddress peer) {
        return new Downloader(
                        Target.of(torrent), temp.resolve("copy"), SwarmSettings.dialling(List.of(peer)), events::add)
                .run();
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
        DisposableServer first = seed(0, untilHalf, (wire, uploads) -> {
            half.asMono().subscribe(null, null, wire::dispose);
            return uploads.serve(wire);
        });
        Mono<SwarmEvent.Completed> result =
                download(TestData.local(first.port())).cache();
        running.add(result.subscribe(done -> {}, error -> {}));
        half.asMono().block(Duration.ofSeconds(15));
        first.disposeNow();
        Mono.delay(Duration.ofSeconds(4)).block();

        seed(first.port(), blocks(), (wire, uploads) -> uploads.serve(wire));
        SwarmEvent.Completed completed = result.block(Duration.ofSeconds(5));

        assertThat(completed).isNotNull();
        assertThat(completed.path()).hasSameBinaryContentAs(source);
    }

    @Test
    void aSeedThatClosesAfterEachFewBlocksGivesAllOfThem() {
        AtomicInteger wires = new AtomicInteger();
        DisposableServer seed = seed(0, blocks(), (wire, uploads) -> {
            wires.incrementAndGet();
            AtomicInteger sent = new AtomicInteger();
            wire.outbound().tryEmit(new Message.Unchoke());
            return wire.blocks()
                    .serve(request -> sent.incrementAndGet() > 4 ? Mono.never() : blocks().read(request))
                    .takeUntilOther(Flux.interval(Duration.ofMillis(10))
                            .filter(tick -> wire.stats().payloadOut() >= 4 * BlockRequest.BLOCK_LENGTH))
                    .then(Mono.defer(wire::close));
        });

        SwarmEvent.Completed completed = TestData.await(download(TestData.local(seed.port())));

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(wires).hasValueGreaterThanOrEqualTo(5);
    }
}
