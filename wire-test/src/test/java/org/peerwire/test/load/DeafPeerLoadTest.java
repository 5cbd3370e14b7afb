/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.test.SocketPeer;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Tests that a peer that requests 10,000 blocks and never reads has a limited cost. */
class DeafPeerLoadTest {
    private static final int REQUESTS = 10_000;
    private static final int BUFFER = 256 * 1024;
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;

    private final UnpooledByteBufAllocator blocks = new UnpooledByteBufAllocator(false);
    private final AtomicLong mostHeld = new AtomicLong();
    private final AtomicLong mostQueued = new AtomicLong();
    private final AtomicLong mostBytes = new AtomicLong();

    private interface Scene {
        void play(Wire wire, SocketPeer peer);
    }

    private void on(boolean epoll, WireOptions options, Scene scene) {
        LocalPeer self = Loopback.peer().withFeatures(Features.NONE);
        LoopResources loops = LoopResources.create("deaf", 1, true);
        SocketPeer peer = SocketPeer.listening(self.infoHash()).patience(Loopback.SOON);
        try {
            Mono<Wire> connecting = WireClient.create()
                    .options(options)
                    .tcp(tcp -> tcp.runOn(loops, epoll))
                    .connect(peer.address(), self)
                    .doOnNext(wire -> {
                        wire.outbound().tryEmit(new Message.Unchoke());
                        wire.inbound().subscribe(message -> note(wire), error -> {});
                        wire.blocks()
                                .serve(request -> Mono.fromSupplier(() -> read(wire)))
                                .subscribe();
                    })
                    .cache();
            connecting.subscribe();
            peer.theirs();
            peer.handshake(Features.NONE);
            Wire wire = connecting.block(Loopback.SOON);
            scene.play(wire, peer);
            wire.dispose();
            Loopback.await("the release of all blocks", () -> used() == 0);
        } finally {
            peer.dispose();
            loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
        }
    }

    private ByteBuf read(Wire wire) {
        ByteBuf block = blocks.heapBuffer(BLOCK, BLOCK).writeZero(BLOCK);
        note(wire);
        return block;
    }

    private void note(Wire wire) {
        mostHeld.accumulateAndGet(wire.stats().uploadBytesHeld(), Math::max);
        mostQueued.accumulateAndGet(wire.stats().uploadsQueued(), Math::max);
        mostBytes.accumulateAndGet(used(), Math::max);
    }

    private long used() {
        return blocks.metric().usedHeapMemory();
    }

    private static void ask(SocketPeer peer) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < REQUESTS; i++) {
            MessageCodec.encode(new Message.Request(new BlockRequest(i, 0, BLOCK)), all);
        }
        peer.send(all);
    }

    @ParameterizedTest
    @MethodSource("org.peerwire.test.load.FloodLoadTest#transports")
    void descriptorsAndBytesHaveALimit(boolean epoll) {
        int queue = 4_000;
        on(
                epoll,
                WireOptions.builder()
                        .limits(limits -> limits.maxQueuedUploads(queue))
                        .build(),
                (wire, peer) -> {
                    peer.send(new Message.Interested());
                    ask(peer);
                    Loopback.await("all requests", () -> wire.stats().messagesIn() == REQUESTS + 1);
                    Loopback.settled(() -> wire.stats().payloadOut());

                    assertThat(mostQueued.get()).as("descriptors").isEqualTo(queue);
                    assertThat(mostHeld.get()).as("bytes read and not written").isLessThanOrEqualTo(BUFFER);
                    assertThat(mostBytes.get())
                            .as("bytes of the source's buffers")
                            .isLessThanOrEqualTo(BUFFER);
                    assertThat(wire.isDisposed()).isFalse();
                });
    }

    @ParameterizedTest
    @MethodSource("org.peerwire.test.load.FloodLoadTest#transports")
    void withTheDefaultQueueItIsAFlood(boolean epoll) {
        on(epoll, WireOptions.defaults(), (wire, peer) -> {
            try {
                ask(peer);
            } catch (UncheckedIOException e) {
                // the wire may end before all bytes are sent
            }
            StepVerifier.create(wire.onClose())
                    .expectErrorMatches(
                            e -> e instanceof ProtocolException p && p.reason() == ProtocolException.Reason.FLOOD)
                    .verify(Loopback.SOON);

            assertThat(mostQueued.get()).as("descriptors").isLessThanOrEqualTo(500);
            assertThat(mostBytes.get()).as("bytes of the source's buffers").isLessThanOrEqualTo(BUFFER);
            assertThat(wire.stats().uploadBytesHeld()).isZero();
            assertThat(wire.stats().uploadsQueued()).isZero();
        });
    }
}
