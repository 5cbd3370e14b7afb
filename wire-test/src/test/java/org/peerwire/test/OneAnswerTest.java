/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

/** Tests that every request gets exactly one answer under Fast (BEP 6). */
class OneAnswerTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(1, 0);

    private static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private static ScriptedPeer served() {
        return peer(SELF, FAST, options -> options.allowedFastPieces(0));
    }

    /** Requests each answered block again; with {@code again} also blocks without an answer. */
    private static void askCancelChokeAndClose(long seed, boolean again) {
        Random random = new Random(seed);
        List<ByteBuf> buffers = new ArrayList<>();
        ScriptedPeer peer = peer(SELF, FAST, options -> options.allowedFastPieces(3)
                .limits(limits -> limits.maxQueuedUploads(16))
                .uploadBuffer(65_536));
        peer.wire()
                .blocks()
                .serve(block -> {
                    ByteBuf bytes = bytes(block);
                    Mono<ByteBuf> read = Mono.fromSupplier(() -> {
                        ByteBuf buffer = PooledByteBufAllocator.DEFAULT
                                .buffer(block.length())
                                .writeBytes(bytes);
                        buffers.add(buffer);
                        return buffer;
                    });
                    return switch (random.nextInt(5)) {
                        case 0 -> Mono.empty();
                        case 1, 2 -> read;
                        default -> read.delaySubscription(Duration.ofMillis(random.nextInt(900)), peer.clock());
                    };
                })
                .subscribe();
        Map<BlockRequest, Integer> open = new HashMap<>();
        boolean reading = true;
        for (int i = 0; i < 300; i++) {
            BlockRequest block = blocks(39).get(random.nextInt(39));
            switch (random.nextInt(12)) {
                case 0 -> peer.wire().outbound().tryEmit(new Message.Choke());
                case 1, 2 -> peer.wire().outbound().tryEmit(new Message.Unchoke());
                case 3 -> peer.advance(Duration.ofMillis(random.nextInt(1_000)));
                case 4 -> {
                    reading = !reading;
                    if (reading) {
                        peer.startReading();
                    } else {
                        peer.stopReading();
                    }
                }
                case 5, 6 -> peer.send(cancel(block));
                default -> {
                    if (again || open.getOrDefault(block, 0) == 0) {
                        open.merge(block, 1, Integer::sum);
                        peer.send(request(block));
                    }
                }
            }
            settle(peer, open);
        }
        peer.startReading();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.advance(Duration.ofSeconds(5));
        settle(peer, open);

        assertThat(peer.isClosed()).isFalse();
        assertThat(open.values()).containsOnly(0);
        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
        peer.send(request(A), request(block(1, 0)), request(block(2, 0)));
        peer.dispose();
        peer.clock().advanceTimeBy(Duration.ofSeconds(5));
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private static void settle(ScriptedPeer peer, Map<BlockRequest, Integer> open) {
        for (Message message : peer.received()) {
            BlockRequest answered = null;
            if (message instanceof Message.Piece piece) {
                answered = new BlockRequest(
                        piece.piece(), piece.offset(), piece.data().readableBytes());
                assertThat(piece.data()).isEqualTo(bytes(answered));
            } else if (message instanceof Message.RejectRequest rejected) {
                answered = rejected.block();
            }
            if (answered != null) {
                assertThat(open.merge(answered, -1, Integer::sum))
                        .as("answers to %s", answered)
                        .isNotNegative();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a23_everyRequestGetsExactlyOneAnswer(long seed) {
        askCancelChokeAndClose(seed, false);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a23_everyRequestGetsExactlyOneAnswerAlsoWhenBlocksAreAskedForTwice(long seed) {
        askCancelChokeAndClose(seed, true);
    }

    @Test
    void a18_repeatedRequestIsRejectedAndTheFirstIsAnswered() {
        ScriptedPeer peer = served();
        Serving serving = Serving.on(peer);

        peer.send(request(A)).send(request(A)).expect(reject(A)).expectNothing();
        serving.answer(A);

        peer.expect(answer(A)).expectNothing().dispose();
    }

    @Test
    void aBlockRequestedAgainAfterItsCancelIsAnswered() {
        ScriptedPeer peer = served();
        Serving serving = Serving.on(peer);

        peer.send(request(A), cancel(A), request(A));
        peer.expect(reject(A)).expectNothing();
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(1);
        serving.answer(A);

        peer.expect(answer(A)).expectNothing().dispose();
    }

    @Test
    void aBlockAskedForAgainWhileItWaitsToBeWrittenIsAnsweredTwice() {
        ScriptedPeer peer = served();
        Serving serving = Serving.on(peer);
        peer.send(request(B));
        Fixture.clog(peer);
        serving.answer(B);
        peer.send(request(B));

        peer.startReading();
        serving.answer(B);

        peer.received();
        assertThat(peer.wire().stats().payloadOut()).isEqualTo(42L * B.length());
        peer.dispose();
    }
}
