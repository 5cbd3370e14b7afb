/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.peerwire.BlockSource;
import org.peerwire.Features;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The conduct of a {@link TestPeer}: honest, or hostile in one way. Every one opens real wires and says that it has all
 * pieces. All but {@link #flapping} unchoke each peer that is interested, once. Immutable.
 */
public final class PeerConduct {
    private static final Duration FLAP = Duration.ofMillis(100);
    private static final Duration COMEBACK = Duration.ofSeconds(1);
    private static final int DEFAULT_BUFFER = WireOptions.defaults().uploadBuffer();
    private static final int LARGE_BUFFER = 64 * 1024 * 1024;

    private final String name;
    private final Features features;
    private final Serving serving;
    private final Visit visit;
    private final Duration comeback;
    /** The bytes that unanswered requests may hold. */
    private final int uploadBuffer;

    /** The circumstances of one wire. */
    record Circumstances(Wire wire, TorrentShape shape, Scheduler clock, Random random) {}

    /** Returns the source of one wire. */
    interface Serving {
        BlockSource of(BlockSource honest, Circumstances at);
    }

    /** Does something besides serving. */
    interface Visit {
        void begin(Circumstances at);
    }

    private PeerConduct(
            String name, Features features, Serving serving, Visit visit, Duration comeback, int uploadBuffer) {
        this.name = name;
        this.features = features;
        this.serving = serving;
        this.visit = visit;
        this.comeback = comeback;
        this.uploadBuffer = uploadBuffer;
    }

    private static PeerConduct serving(String name, Serving serving) {
        return new PeerConduct(
                name, Features.DEFAULT, serving, PeerConduct::unchokeWhoIsInterested, Duration.ZERO, DEFAULT_BUFFER);
    }

    private static void unchokeWhoIsInterested(Circumstances at) {
        at.wire().states().filter(state -> state.peerInterested()).take(1).subscribe(state -> at.wire()
                .outbound()
                .tryEmit(new Message.Unchoke()));
    }

    /** Returns the conduct of a seed: it serves every request. */
    public static PeerConduct honest() {
        return serving("honest", (honest, at) -> honest);
    }

    /**
     * Returns a conduct with wrong bytes in a part of the pieces. The choice is the same for all wires of a peer.
     *
     * @param fraction the expected part of the pieces, 0 to 1
     */
    public static PeerConduct lying(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction must be 0 to 1, was " + fraction);
        }
        return serving("lying " + fraction, (honest, at) -> {
            BitSet wrong = new BitSet();
            for (int piece = 0; piece < at.shape().pieceCount(); piece++) {
                wrong.set(piece, at.random().nextDouble() < fraction);
            }
            return request -> wrong.get(request.piece()) ? wrong(honest, request) : honest.read(request);
        });
    }

    /** Returns a conduct with wrong bytes in these pieces. */
    public static PeerConduct lying(Set<Integer> pieces) {
        Set<Integer> wrong = Set.copyOf(pieces);
        return serving(
                "lying " + wrong,
                (honest, at) ->
                        request -> wrong.contains(request.piece()) ? wrong(honest, request) : honest.read(request));
    }

    /** Flips the bits of the last byte, in a copy. */
    private static Mono<ByteBuf> wrong(BlockSource honest, BlockRequest request) {
        return honest.read(request).map(bytes -> {
            ByteBuf copy = bytes.copy();
            bytes.release();
            int last = copy.writerIndex() - 1;
            return copy.setByte(last, ~copy.getByte(last));
        });
    }

    /** Returns the conduct of a peer that unchokes and never answers a request. */
    public static PeerConduct silent() {
        return serving("silent", (honest, at) -> request -> Mono.never());
    }

    /** Returns the conduct of a peer that unchokes and rejects every request (BEP 6). */
    public static PeerConduct rejecting() {
        return serving("rejecting", (honest, at) -> request -> Mono.empty());
    }

    /**
     * Returns the conduct of a peer that unchokes and chokes ten times a second, and answers nothing. It dials again
     * one second after a wire that it has dialled has ended.
     */
    public static PeerConduct flapping() {
        return new PeerConduct(
                "flapping",
                Features.DEFAULT,
                (honest, at) -> request -> Mono.never(),
                PeerConduct::flap,
                COMEBACK,
                DEFAULT_BUFFER);
    }

    private static void flap(Circumstances at) {
        Wire wire = at.wire();
        Flux.interval(FLAP, at.clock())
                .takeUntilOther(wire.onClose().onErrorComplete())
                .subscribe(
                        tick -> wire.outbound().tryEmit(tick % 2 == 0 ? new Message.Unchoke() : new Message.Choke()));
    }

    /**
     * Returns the conduct of a peer that serves a number of blocks on each wire, and closes it at the next request.
     *
     * @param blocks the number of blocks, 0 or more
     */
    public static PeerConduct cutting(int blocks) {
        if (blocks < 0) {
            throw new IllegalArgumentException("blocks must be 0 or more, was " + blocks);
        }
        return serving("cutting " + blocks, (honest, at) -> {
            int[] left = {blocks};
            return request -> {
                if (left[0]-- > 0) {
                    return honest.read(request);
                }
                at.wire().close().subscribe();
                return Mono.empty();
            };
        });
    }

    /**
     * Returns the conduct of a peer that serves slowly, however fast its host is.
     *
     * @param bytesPerSecond the bytes of blocks per second of each wire, 1 or more
     */
    public static PeerConduct slow(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, was " + bytesPerSecond);
        }
        return serving("slow " + bytesPerSecond, (honest, at) -> {
            long[] free = {0};
            return request -> Mono.defer(() -> {
                long now = at.clock().now(TimeUnit.NANOSECONDS);
                free[0] = Math.max(free[0], now) + request.length() * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
                return Mono.delay(Duration.ofNanos(free[0] - now), at.clock()).then(honest.read(request));
            });
        });
    }

    /**
     * Returns the conduct of a peer that says that it has all pieces and has none. It has no Fast extension, so its
     * refusals are not heard.
     */
    public static PeerConduct boasting() {
        return new PeerConduct(
                "boasting",
                Features.DEFAULT.without(Feature.FAST),
                (honest, at) -> request -> Mono.empty(),
                PeerConduct::unchokeWhoIsInterested,
                Duration.ZERO,
                DEFAULT_BUFFER);
    }

    /** Returns the conduct of a peer that serves all blocks but the last one of each piece, which it never answers. */
    public static PeerConduct neverTheLastBlock() {
        Serving allButTheLast = (honest, at) -> request ->
                request.end() == at.shape().pieceLength(request.piece()) ? Mono.never() : honest.read(request);
        return new PeerConduct(
                "never the last block",
                Features.DEFAULT,
                allButTheLast,
                PeerConduct::unchokeWhoIsInterested,
                Duration.ZERO,
                LARGE_BUFFER);
    }

    Features features() {
        return features;
    }

    BlockSource source(BlockSource honest, Circumstances at) {
        return serving.of(honest, at);
    }

    void begin(Circumstances at) {
        visit.begin(at);
    }

    /** Returns the time after which it dials again, or zero for never. */
    Duration comeback() {
        return comeback;
    }

    int uploadBuffer() {
        return uploadBuffer;
    }

    @Override
    public String toString() {
        return name;
    }
}
