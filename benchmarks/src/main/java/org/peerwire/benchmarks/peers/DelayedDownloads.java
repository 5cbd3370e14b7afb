/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.peerwire.Block;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * Downloads from our seed in the same process over a {@link DelayLine}, each time through another operator: without a
 * buffer, where demand limits the requests, and with the default buffer.
 */
public final class DelayedDownloads {
    private static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    private static final TorrentShape SHAPE = TorrentShape.of(1L << 40, 1 << 20);
    private static final double MIB = 1 << 20;
    private static final int STRICT = 0;
    private static final int DEFAULT = 4 << 20;

    private DelayedDownloads() {}

    /**
     * Measures each download for a time, and reports it: round trip in ms, buffer, operator, MiB/s after a third of the
     * time.
     */
    public static void measure(int roundTrip, Duration time, Consumer<String> report) {
        LoopResources loops = LoopResources.create("delay", 2, true);
        DisposableServer seed = WireSeeder.start(0, TORRENT, SHAPE, WireSeeder.memory(SHAPE), loops);
        InetSocketAddress direct = new InetSocketAddress(InetAddress.getLoopbackAddress(), seed.port());
        InetSocketAddress address = roundTrip == 0 ? direct : new DelayLine(direct, roundTrip).address();
        for (int buffer : new int[] {STRICT, DEFAULT}) {
            operators()
                    .forEach((name, operator) -> report.accept(String.format(
                            Locale.ROOT,
                            "%d,%d,%s,%.1f",
                            roundTrip,
                            buffer,
                            name,
                            measure(address, buffer, operator, time))));
        }
        seed.disposeNow();
    }

    private static Map<String, Function<Flux<Block>, Publisher<Integer>>> operators() {
        Map<String, Function<Flux<Block>, Publisher<Integer>>> all = new LinkedHashMap<>();
        all.put("none", blocks -> blocks.map(DelayedDownloads::take));
        all.put("concatMap", blocks -> blocks.concatMap(DelayedDownloads::store));
        all.put("concatMap 32", blocks -> blocks.concatMap(DelayedDownloads::store, 32));
        all.put("flatMap", blocks -> blocks.flatMap(DelayedDownloads::store));
        all.put("publishOn", blocks -> blocks.publishOn(Schedulers.boundedElastic())
                .map(DelayedDownloads::take));
        all.put("Block.use 8", blocks -> blocks.transform(Block.use(DelayedDownloads::store, 8)));
        return all;
    }

    /** A store that takes a block on another thread, as a disk does. */
    private static Mono<Integer> store(Block block) {
        return Mono.fromCallable(() -> take(block)).subscribeOn(Schedulers.boundedElastic());
    }

    private static int take(Block block) {
        return block.length();
    }

    private static double measure(
            InetSocketAddress seed, int buffer, Function<Flux<Block>, Publisher<Integer>> operator, Duration time) {
        LocalPeer self = LocalPeer.of(TORRENT, PeerId.random()).withShape(SHAPE);
        long[] span = new long[2];
        Double rate = WireClient.create()
                .options(WireOptions.builder().downloadBuffer(buffer).build())
                .connect(seed, self)
                .flatMap(wire -> wire.outbound()
                        .send(new Message.Interested())
                        .thenMany(wire.blocks().download(all()))
                        .transform(operator)
                        .skipUntilOther(Mono.delay(time.dividedBy(3)).doOnNext(now -> span[0] = System.nanoTime()))
                        .takeUntilOther(Mono.delay(time).doOnNext(now -> span[1] = System.nanoTime()))
                        .reduce(0L, Long::sum)
                        .map(bytes -> bytes / MIB / ((span[1] - span[0]) / 1e9))
                        .doFinally(end -> wire.dispose()))
                .block();
        return rate == null ? 0 : rate;
    }

    private static Flux<BlockRequest> all() {
        return Flux.range(0, SHAPE.pieceCount()).concatMapIterable(SHAPE::blocks);
    }
}
