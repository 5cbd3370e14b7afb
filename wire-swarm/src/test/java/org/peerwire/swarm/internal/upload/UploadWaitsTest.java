/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.upload.UploadWorld.Peer;
import reactor.core.publisher.Mono;

/** Tests the reads that wait for tokens, and the tokens of reads that bring no block. */
class UploadWaitsTest {
    private static final long KIB = 1024;

    private final List<UploadWorld> worlds = new ArrayList<>();

    @AfterEach
    void end() {
        worlds.forEach(UploadWorld::end);
    }

    private UploadWorld world(SwarmOptions.Builder options) {
        return started(new UploadWorld(options.build()));
    }

    private UploadWorld started(UploadWorld world) {
        worlds.add(world);
        return world.start();
    }

    private static SwarmOptions.Builder swarm(RateLimit limit) {
        return SwarmOptions.builder().uploadSlots(1_000).upload(limit);
    }

    /** A source that never answers, so that each read holds its tokens until it is cancelled. */
    private static Mono<ByteBuf> never(BlockRequest request) {
        return Mono.never();
    }

    private static void offer(UploadWorld world, BlockSource source) {
        world.uploads.offer(PieceSet.all(UploadWorld.SHAPE.pieceCount()), source);
    }

    @Test
    void aRefusedBlockCostsNoTokens() {
        UploadWorld world = world(swarm(RateLimit.of(200 * KIB)));
        offer(world, request -> request.piece() % 2 == 0 ? Mono.empty() : UploadWorld.ZEROES.read(request));
        Peer peer = world.peer().interested(true);
        int[] refused = {0};
        for (int i = 0; i < 200; i++) {
            peer.wire()
                    .blocks()
                    .request(new BlockRequest(2 * i, 0, UploadWorld.BLOCK))
                    .subscribe(block -> {}, error -> refused[0]++);
        }

        assertThat(refused[0]).isEqualTo(200);
    }

    @Test
    void aCancelledReadGivesItsTokensBack() {
        UploadWorld world = world(swarm(RateLimit.of(200 * KIB)));
        offer(world, UploadWaitsTest::never);
        Peer holding = world.peer().downloading();
        world.pass(1_000);
        offer(world, UploadWorld.ZEROES);
        holding.pair.dispose();

        Peer peer = world.peer().downloading();

        assertThat(peer.got).isBetween(20 * KIB, 20 * KIB + UploadWorld.BLOCK); // a full bucket
    }

    @Test
    void aCancelledWaitLeavesTheQueue() {
        UploadWorld world = world(swarm(RateLimit.of(1)));
        Peer peer = world.peer().interested(true);
        int[] got = {0};
        for (int i = 0; i < 10; i++) {
            var request =
                    peer.wire().blocks().request(new BlockRequest(i, 0, 1_000)).subscribe(b -> got[0]++);
            if (i > 0) {
                request.dispose();
            }
        }

        assertThat(got[0]).isEqualTo(1);
        assertThat(peer.ours().stats().uploadsQueued()).isZero();
        world.pass(3_000);
        assertThat(world.counted.timers).hasValue(1);
    }

    @Test
    void aFloodOfCancelledRequestsSchedulesOneTaskWhileTheSwarmIsBusy() {
        UploadWorld world = world(swarm(RateLimit.of(1)));
        Peer peer = world.peer().interested(true);
        peer.wire().blocks().request(new BlockRequest(0, 0, 1_000)).block();
        int[] tasks = new int[1];

        world.loop.schedule(() -> {
            int before = world.loop.pending();
            for (int i = 0; i < 10_000; i++) {
                peer.wire()
                        .blocks()
                        .request(new BlockRequest(1, 0, 1_000))
                        .subscribe()
                        .dispose();
            }
            tasks[0] = world.loop.pending() - before;
        });

        assertThat(tasks[0]).isEqualTo(1);
        assertThat(peer.ours().isDisposed()).isFalse();
    }

    @Test
    void theReadsOfAWireThatWaitAreBounded() {
        UploadWorld world = new UploadWorld(swarm(RateLimit.of(1)).build());
        world.wireOptions = options -> options.limits(limits -> limits.maxQueuedUploads(5));
        started(world);
        Peer peer = world.peer().interested(true);
        int[] refused = {0};
        for (int i = 0; i < 12; i++) {
            peer.wire().blocks().request(new BlockRequest(i, 0, 1_000)).subscribe(b -> {}, e -> refused[0]++);
        }

        assertThat(peer.ours().stats().uploadsQueued()).isEqualTo(5);
        assertThat(refused[0]).isEqualTo(6); // one was served at once
    }

    @Test
    void aStopRefusesTheReadsThatWait() {
        UploadWorld world = world(swarm(RateLimit.of(1)));
        Peer peer = world.peer().interested(true);
        int[] refused = {0};
        for (int i = 0; i < 5; i++) {
            peer.wire().blocks().request(new BlockRequest(i, 0, 1_000)).subscribe(b -> {}, e -> refused[0]++);
        }
        assertThat(refused[0]).isZero();

        world.uploads.stop();

        assertThat(refused[0]).isEqualTo(4);
        assertThat(world.counted.timers).hasValue(0);
        peer.wire().blocks().request(new BlockRequest(9, 0, 1_000)).subscribe(b -> {}, e -> refused[0]++);
        assertThat(refused[0]).isEqualTo(5);
        assertThat(world.counted.timers).hasValue(0);
    }

    @Test
    void aFailingSourceGivesItsTokensBack() {
        UploadWorld world = world(swarm(RateLimit.of(1)));
        offer(world, request -> {
            throw new IllegalStateException("a broken disk");
        });
        world.peer().downloading();
        offer(world, UploadWorld.ZEROES);

        Peer next = world.peer().downloading();

        assertThat(next.got).isEqualTo(UploadWorld.BLOCK);
    }
}
