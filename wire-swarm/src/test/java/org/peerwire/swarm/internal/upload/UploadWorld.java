/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The uploads of one swarm and its peers, connected in memory under virtual time. */
final class UploadWorld {
    static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    static final TorrentShape SHAPE = TorrentShape.of(1_000L * 64 * BLOCK, 64 * BLOCK);
    static final BlockSource ZEROES = request -> Mono.just(Unpooled.wrappedBuffer(new byte[request.length()]));
    private static final InfoHash HASH = InfoHash.parse("01".repeat(20));

    final VirtualTimeScheduler clock;
    final CountingClock counted;
    final SwarmLoop loop;
    final Uploads uploads;
    final List<Peer> peers = new ArrayList<>();
    boolean isSeed;
    UnaryOperator<WireOptions.Builder> wireOptions = options -> options.allowedFastPieces(0);

    UploadWorld(SwarmOptions options) {
        this(options, Rates.of(options.upload()), VirtualTimeScheduler.create(), 7);
    }

    UploadWorld(SwarmOptions options, Rates rates, VirtualTimeScheduler clock, long seed) {
        this.clock = clock;
        counted = new CountingClock(clock);
        loop = new SwarmLoop(counted);
        uploads = new Uploads(loop, options, rates, new Random(seed), () -> isSeed);
        uploads.offer(PieceSet.all(SHAPE.pieceCount()), ZEROES);
    }

    static SwarmOptions slots(int slots) {
        return SwarmOptions.builder().uploadSlots(slots).build();
    }

    /** A peer and both ends of its wire. */
    final class Peer {
        final WirePair pair;
        final List<Message> choking = new ArrayList<>();
        long got;

        private Peer(int number) {
            LocalPeer us = LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE);
            LocalPeer them = LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE);
            pair = WirePair.builder(them, us)
                    .clock(clock)
                    .options(wireOptions)
                    .addresses(
                            new InetSocketAddress("192.0.2." + (number + 10), 50_000),
                            new InetSocketAddress("192.0.2.1", 6881))
                    .onResponder(wire -> {
                        uploads.tell(wire);
                        uploads.serve(wire).subscribe(null, error -> {});
                    })
                    .onInitiator(wire -> wire.inbound()
                            .filter(message -> message instanceof Message.Choke || message instanceof Message.Unchoke)
                            .subscribe(choking::add, error -> {}))
                    .open();
        }

        /** Returns the wire of the peer. */
        Wire wire() {
            return pair.initiator();
        }

        /** Returns our wire. */
        Wire ours() {
            return pair.responder();
        }

        boolean isUnchoked() {
            return !ours().state().amChoking();
        }

        Peer interested(boolean interested) {
            wire().outbound().tryEmit(interested ? new Message.Interested() : new Message.NotInterested());
            return this;
        }

        /** Requests blocks forever, and counts those that come. */
        Peer downloading() {
            interested(true);
            wire().blocks()
                    .download(everything())
                    .subscribe(block -> got += block.data().readableBytes(), e -> {});
            return this;
        }

        /** Sends us blocks at a rate, whenever we request them, which we do forever. */
        Peer giving(long bytesPerSecond) {
            pair.toResponder().bandwidth(bytesPerSecond);
            return answering(ZEROES);
        }

        /** Answers our requests, which never end, from a source. */
        Peer answering(BlockSource source) {
            wire().blocks().serve(source).subscribe(null, error -> {});
            wire().outbound().tryEmit(new Message.Unchoke());
            ours().outbound().tryEmit(new Message.Interested());
            ours().blocks()
                    .download(
                            everything().takeUntilOther(ours().onClose().onErrorComplete()),
                            RequestWindow.fixed(8),
                            (request, failure) -> Mono.empty())
                    .subscribe(block -> {}, error -> {});
            return this;
        }

        private Flux<BlockRequest> everything() {
            return Flux.fromStream(() -> IntStream.range(0, SHAPE.pieceCount()).boxed())
                    .concatMapIterable(SHAPE::blocks)
                    .repeat();
        }
    }

    Peer peer() {
        Peer peer = new Peer(peers.size());
        peers.add(peer);
        return peer;
    }

    List<Peer> peers(int count) {
        return IntStream.range(0, count).mapToObj(i -> peer()).toList();
    }

    /** Returns the numbers of the unchoked peers. */
    List<Integer> unchoked() {
        return IntStream.range(0, peers.size())
                .filter(i -> peers.get(i).isUnchoked())
                .boxed()
                .toList();
    }

    UploadWorld start() {
        uploads.start();
        return this;
    }

    void pass(long millis) {
        clock.advanceTimeBy(Duration.ofMillis(millis));
    }

    /** Passes time in small steps, and runs a check after each. */
    void pass(long millis, long step, Runnable check) {
        for (long passed = 0; passed < millis; passed += step) {
            pass(step);
            check.run();
        }
    }

    long seconds() {
        return clock.now(TimeUnit.SECONDS);
    }

    void end() {
        uploads.stop();
        peers.forEach(peer -> peer.pair.dispose());
    }
}
