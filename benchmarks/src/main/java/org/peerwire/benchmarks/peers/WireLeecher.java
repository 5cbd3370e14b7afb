/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.peerwire.Block;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Our leech, which reads every byte of every block. Run with {@code HOST PORT INFOHASH PIECE_LENGTH PIECES TOTAL DEPTH
 * WIRES [WARM]}.
 *
 * <p>{@code -Dpayload=} is {@code POOLED} or {@code COPY}, and {@code -Drc4=true} encrypts. {@code -Dbystander=} adds a
 * wire on the same loop that is {@code idle}, or {@code slow}: its subscriber of {@code inbound()} takes one message
 * per 10 ms. The program then prints the result of the other wires after WARM bytes.
 */
public final class WireLeecher {
    private static final Duration SLOW = Duration.ofMillis(10);

    private final InetSocketAddress seed;
    private final LocalPeer self;
    private final TorrentShape shape;
    private final long total;
    private final long warm;
    private final int wires;
    private final WireClient client;
    private final Pattern pattern = new Pattern();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong got = new AtomicLong();
    private volatile long startNanos;
    private volatile double startCpu;

    WireLeecher(
            InetSocketAddress seed,
            InfoHash infoHash,
            TorrentShape shape,
            long total,
            long warm,
            int depth,
            int wires,
            PayloadMode payload,
            LoopResources loops) {
        this.seed = seed;
        this.self = LocalPeer.of(infoHash, PeerId.random()).withShape(shape);
        this.shape = shape;
        this.total = total;
        this.warm = warm;
        this.wires = wires;
        this.client = WireClient.create()
                .options(WireOptions.builder()
                        .payloadMode(payload)
                        .requestWindow(RequestWindow.fixed(depth))
                        .build())
                .encryption(Program.encryption())
                .tcp(tcp -> tcp.runOn(loops));
    }

    /** Runs the program. */
    public static void main(String[] args) {
        int pieceLength = Integer.parseInt(args[3]);
        WireLeecher leech = new WireLeecher(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                InfoHash.parse(args[2]),
                TorrentShape.of((long) pieceLength * Integer.parseInt(args[4]), pieceLength),
                Long.parseLong(args[5]) / Pattern.BLOCK * Pattern.BLOCK,
                args.length > 8 ? Long.parseLong(args[8]) : 0,
                Integer.parseInt(args[6]),
                Integer.parseInt(args[7]),
                PayloadMode.valueOf(System.getProperty("payload", "POOLED")),
                Program.loops());
        String bystander = System.getProperty("bystander");
        Mono.when(leech.run(), bystander == null ? Mono.empty() : leech.bystander(bystander.equals("slow")))
                .block();
        System.exit(0);
    }

    /** Downloads all blocks over all wires. */
    Mono<Void> run() {
        return Flux.range(0, wires)
                .flatMap(wire -> client.connect(seed, self).flatMap(open -> download(open, wire)), wires)
                .then();
    }

    /** Returns the number of received bytes, all of them checked. */
    long received() {
        return got.get();
    }

    private Mono<Void> download(Wire wire, int number) {
        return wire.announce(PieceSet.none(shape.pieceCount()))
                .then(wire.outbound().send(new Message.Interested()))
                .thenMany(wire.blocks().download(requests(number, total)))
                .doOnNext(this::take)
                .then(Mono.defer(wire::close));
    }

    /** Returns the requests in the order of {@code neutral}: each wire starts at its share of the torrent. */
    private Flux<BlockRequest> requests(int number, long limit) {
        int first = (int) ((long) number * shape.pieceCount() / wires);
        return Flux.generate(() -> new long[] {(long) first * shape.pieceLength()}, (next, sink) -> {
            if (asked.addAndGet(Pattern.BLOCK) > limit) {
                sink.complete();
            } else {
                int piece = (int) (next[0] / shape.pieceLength());
                sink.next(new BlockRequest(piece, (int) (next[0] % shape.pieceLength()), Pattern.BLOCK));
                next[0] = (next[0] + Pattern.BLOCK) % shape.length();
            }
            return next;
        });
    }

    private void take(Block block) {
        pattern.check((long) block.piece() * shape.pieceLength() + block.offset(), block.data());
        block.release();
        long now = got.addAndGet(Pattern.BLOCK);
        if (warm > 0 && now - Pattern.BLOCK < warm && now >= warm) {
            startNanos = System.nanoTime();
            startCpu = Program.cpuSeconds();
        } else if (warm > 0 && now == total) {
            report();
        }
    }

    private void report() {
        double bytes = (double) total - warm;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double cpu = Program.cpuSeconds() - startCpu;
        Program.tell("MiBps", bytes / seconds / (1 << 20), "cpuPerGiB", cpu / bytes * (1 << 30));
        System.exit(0);
    }

    /** Opens a wire beside the measured ones. */
    private Mono<Void> bystander(boolean slow) {
        return client.connect(seed, self).flatMap(wire -> slow ? dawdle(wire) : wire.onClose());
    }

    private Mono<Void> dawdle(Wire wire) {
        Flux<Message> slow = wire.inbound()
                .limitRate(1)
                .concatMap(message -> Mono.delay(SLOW).thenReturn(message), 0);
        AtomicLong at = new AtomicLong();
        Flux<BlockRequest> endless = Flux.generate(sink -> {
            long offset = at.getAndAdd(Pattern.BLOCK) % shape.length();
            int piece = (int) (offset / shape.pieceLength());
            sink.next(new BlockRequest(piece, (int) (offset % shape.pieceLength()), Pattern.BLOCK));
        });
        return Mono.when(
                slow,
                wire.announce(PieceSet.none(shape.pieceCount()))
                        .then(wire.outbound().send(new Message.Interested()))
                        .thenMany(wire.blocks().download(endless))
                        .doOnNext(Block::release));
    }
}
