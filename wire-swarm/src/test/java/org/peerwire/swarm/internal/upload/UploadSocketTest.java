/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.upload.UploadWorld.SHAPE;
import static org.peerwire.swarm.internal.upload.UploadWorld.ZEROES;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;

/** Tests the rates over TCP on the loopback interface, where reads, waits and cancels happen on different threads. */
class UploadSocketTest {
    private static final long RATE = 4 * 1024 * 1024;
    private static final InfoHash HASH = InfoHash.parse("01".repeat(20));

    private final Disposable.Composite running = Disposables.composite();
    private final SwarmLoop loop = new SwarmLoop(Schedulers.parallel());
    private final RateLimit limit = RateLimit.of(RATE);
    private final AtomicLong got = new AtomicLong();
    private Uploads uploads;
    private DisposableServer server;

    @BeforeEach
    void bind() {
        SwarmOptions options = SwarmOptions.builder().uploadPerWire(RATE).build();
        uploads = new Uploads(loop, options, Rates.of(limit), new Random(1), () -> true);
        uploads.offer(PieceSet.all(SHAPE.pieceCount()), request -> Mono.defer(() -> ZEROES.read(request))
                .subscribeOn(Schedulers.boundedElastic()));
        LocalPeer self = LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE);
        server = WireServer.create()
                .tcp(tcp -> tcp.host("127.0.0.1").port(0))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> {
                    uploads.tell(wire);
                    return uploads.serve(wire);
                })
                .bindNow();
        loop.schedule(uploads::start);
    }

    @AfterEach
    void stop() {
        running.dispose();
        server.disposeNow();
        loop.schedule(uploads::stop);
        loop.dispose();
    }

    private Wire dial() {
        LocalPeer peer = LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE);
        Wire wire = WireClient.create()
                .connect(InetSocketAddress.createUnresolved("127.0.0.1", server.port()), peer)
                .block();
        running.add(wire);
        wire.outbound().tryEmit(new Message.Interested());
        return wire;
    }

    private void download(Wire wire) {
        Flux<BlockRequest> everything = Flux.fromStream(
                        () -> IntStream.range(0, SHAPE.pieceCount()).boxed())
                .concatMapIterable(SHAPE::blocks);
        running.add(wire.blocks()
                .download(everything)
                .subscribe(block -> got.addAndGet(block.data().readableBytes()), error -> {}));
    }

    private static void pass(long millis) {
        Mono.delay(Duration.ofMillis(millis)).block();
    }

    @Test
    void wiresThatComeGoAndCancelGetTheRateTogether() {
        long begin = System.nanoTime();
        IntStream.range(0, 3).forEach(i -> download(dial()));
        for (int i = 0; i < 20; i++) {
            Wire cancelling = dial();
            for (int j = 0; j < 50; j++) {
                cancelling
                        .blocks()
                        .request(new BlockRequest(j, 0, UploadWorld.BLOCK))
                        .subscribe(block -> {}, error -> {})
                        .dispose();
            }
            Disposable some = cancelling
                    .blocks()
                    .download(Flux.fromIterable(SHAPE.blocks(i)))
                    .subscribe(block -> {}, error -> {});
            pass(50);
            some.dispose();
            cancelling.dispose();
        }
        double churned = (System.nanoTime() - begin) / 1e9;
        assertThat(got.get()).isLessThan((long) (RATE * (churned + 0.3)));
        long before = got.get();
        begin = System.nanoTime();

        pass(2_000);

        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(got.get() - before).isBetween((long) (RATE * seconds * 0.7), (long) (RATE * (seconds * 1.05 + 0.2)));
    }

    @Test
    void aWireThatEndsWhileOthersWaitLosesNoToken() {
        limit.change(TimeUnit.SECONDS.toMillis(1) * 300);
        IntStream.range(0, 4).forEach(i -> download(dial()));
        pass(300);
        running.dispose();

        limit.change(RATE);
        Wire next = WireClient.create()
                .connect(
                        InetSocketAddress.createUnresolved("127.0.0.1", server.port()),
                        LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE))
                .block();
        next.outbound().tryEmit(new Message.Interested());
        long all = next.blocks()
                .download(Flux.fromIterable(SHAPE.blocks(0)))
                .reduce(0L, (sum, block) -> sum + block.data().readableBytes())
                .block(Duration.ofSeconds(10));
        next.dispose();

        assertThat(all).isEqualTo(SHAPE.pieceLength());
    }
}
