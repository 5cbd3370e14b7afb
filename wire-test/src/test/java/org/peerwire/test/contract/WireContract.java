/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.PayloadMode;
import org.peerwire.PeerState;
import org.peerwire.RequestException;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The contract of a wire over any transport. */
@SuppressWarnings("try") // open ends without a read
interface WireContract extends DeliveryContract {
    private static Flux<BlockRequest> everyBlock() {
        return Flux.range(0, SHAPE.pieceCount()).flatMapIterable(SHAPE::blocks);
    }

    @Test
    default void subscribingInsideTheChainMissesNothing() {
        Sinks.Many<Message> seen = Sinks.many().replay().all();
        try (Ends ends = open(wire -> wire.inbound().subscribe(seen::tryEmitNext), seed())) {
            StepVerifier.create(seen.asFlux().take(3).map(message -> message.type()))
                    .expectNext(MessageType.EXTENDED, MessageType.HAVE_ALL, MessageType.UNCHOKE)
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    default void aDownloadGetsEveryBlockOnce() {
        for (PayloadMode mode : PayloadMode.values()) {
            try (Ends ends = open(peer(), peer(), options -> options.payloadMode(mode), wire -> {}, seed())) {
                List<BlockRequest> got = ends.dialler()
                        .blocks()
                        .download(everyBlock())
                        .map(block -> {
                            block.release();
                            return block.request();
                        })
                        .collectList()
                        .block(SOON);
                assertThat(got)
                        .containsExactlyInAnyOrderElementsOf(
                                everyBlock().collectList().block(SOON));
                assertThat(ends.dialler().stats().payloadIn()).isEqualTo(SHAPE.length());
            }
        }
    }

    @Test
    default void bothSidesDownloadAtOnce() {
        try (Ends ends = open(seed(), seed())) {
            Mono<Long> there = ends.dialler().blocks().download(everyBlock()).count();
            Mono<Long> back = ends.listener().blocks().download(everyBlock()).count();
            assertThat(Mono.zip(there, back)
                            .map(both -> both.getT1() + both.getT2())
                            .block(SOON))
                    .isEqualTo(2L * 256);
        }
    }

    @Test
    default void extensionsTalk() {
        Consumer<Wire> echo = wire -> wire.extension("xx_echo")
                .inbound()
                .concatMap(bytes -> wire.extension("xx_echo").send(bytes.copy()))
                .subscribe();
        try (Ends ends = open(wire -> {}, echo)) {
            Mono<String> answer =
                    ends.dialler().extension("xx_echo").inbound().next().map(bytes -> bytes.toString(UTF_8));
            Mono<Void> question = ends.dialler().extendedHandshake().then(Mono.defer(() -> ends.dialler()
                    .extension("xx_echo")
                    .send(Unpooled.copiedBuffer("hello", UTF_8))));
            assertThat(answer.doOnSubscribe(s -> question.subscribe()).block(SOON))
                    .isEqualTo("hello");
        }
    }

    @Test
    default void closingFlushesWhatIsQueuedAndEndsBothInOrder() {
        Sinks.Many<Message> seen = Sinks.many().replay().all();
        try (Ends ends = open(
                wire -> wire.inbound().subscribe(seen::tryEmitNext, seen::tryEmitError, seen::tryEmitComplete),
                wire -> {})) {
            for (int i = 0; i < 1_000; i++) {
                ends.listener().outbound().tryEmit(new Message.SuggestPiece(i % 16));
            }
            ends.listener().close().block(SOON);
            StepVerifier.create(seen.asFlux().ofType(Message.SuggestPiece.class))
                    .expectNextCount(1_000)
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(ends.dialler().onClose()).expectComplete().verify(SOON);
        }
    }

    @Test
    default void disposingTerminatesEverythingThatWasHandedOut() {
        try (Ends ends = open(wire -> {}, wire -> wire.outbound().tryEmit(new Message.Unchoke()))) {
            Wire wire = ends.dialler();
            wire.states().filter(state -> !state.peerChoking()).next().block(SOON);
            List<Mono<?>> handedOut = new ArrayList<>(List.of(
                    wire.inbound().then(),
                    wire.states().then(),
                    wire.extendedHandshakes().then(),
                    wire.extension("xx_echo").inbound().then(),
                    wire.onClose(),
                    wire.blocks().serve(this::zeros),
                    wire.blocks().request(new BlockRequest(0, 0, 16_384)),
                    wire.blocks()
                            .download(Flux.just(new BlockRequest(1, 0, 16_384)))
                            .then(),
                    wire.outbound().send(Flux.never())));
            Mono<Void> all = Flux.fromIterable(handedOut)
                    .flatMap(one -> one.onErrorComplete().then(), handedOut.size())
                    .then();
            StepVerifier.create(all).then(wire::dispose).expectComplete().verify(SOON);
            assertThat(wire.isDisposed()).isTrue();
            assertThat(wire.state()).isEqualTo(PeerState.INITIAL);
            assertThat(wire.stats()).isEqualTo(wire.stats());
            assertThat(wire.outbound().tryEmit(new Message.Have(1))).isEqualTo(Sinks.EmitResult.FAIL_TERMINATED);
            StepVerifier.create(wire.blocks().request(new BlockRequest(0, 0, 1)))
                    .expectErrorMatches(
                            e -> e instanceof RequestException r && r.reason() == RequestException.Reason.CLOSED)
                    .verify(SOON);
            StepVerifier.create(wire.outbound().send(new Message.Have(1)))
                    .expectErrorMatches(
                            e -> e instanceof ConnectionException c && c.reason() == ConnectionException.Reason.CLOSED)
                    .verify(SOON);
            StepVerifier.create(wire.inbound()).expectComplete().verify(SOON);
            StepVerifier.create(ends.listener().onClose().onErrorComplete())
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    default void availabilityIsTold() {
        PieceSet some = PieceSet.of(SHAPE.pieceCount(), 0, 3, 15);
        Sinks.Empty<Void> told = Sinks.empty();
        try (Ends ends = open(
                wire -> wire.inbound().ofType(Message.Have.class).next().subscribe(have -> told.tryEmitEmpty()),
                wire -> wire.outbound()
                        .send(Flux.just(new Message.Bitfield(some), new Message.Have(7)))
                        .subscribe())) {
            told.asMono().block(SOON);
            assertThat(ends.dialler().peerPieces()).isEqualTo(PieceSet.of(SHAPE.pieceCount(), 0, 3, 7, 15));
        }
    }

    @Test
    default void aBlockOfAnotherWireCanBePassedOn() {
        try (Ends ends = open(peer(), peer(), options -> options.payloadMode(PayloadMode.POOLED), seed(), seed())) {
            ends.dialler().states().filter(state -> !state.peerChoking()).next().block(SOON);
            Block block = ends.dialler()
                    .blocks()
                    .request(new BlockRequest(2, 16_384, 16_384))
                    .block(SOON);
            assertThat(block).isNotNull();
            assertThat(block.data().readableBytes()).isEqualTo(16_384);
            block.release();
        }
    }
}
