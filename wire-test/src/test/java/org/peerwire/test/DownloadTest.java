/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.asked;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class DownloadTest {
    private static final BiFunction<BlockRequest, RequestException, Mono<Block>> FAIL =
            (request, failure) -> Mono.error(failure);

    private static Flux<Block> download(ScriptedPeer peer, int window, Flux<BlockRequest> blocks) {
        return peer.wire().blocks().download(blocks, RequestWindow.fixed(window), FAIL);
    }

    private static ScriptedPeer withoutBuffer() {
        return peer(SELF, FAST, options -> options.downloadBuffer(0)).send(new Message.Unchoke());
    }

    private static Flux<Block> download(ScriptedPeer peer, int window, int blocks) {
        return download(peer, window, Flux.fromIterable(blocks(blocks)));
    }

    private static List<BlockRequest> names(List<Block> blocks) {
        return blocks.stream().map(Block::request).toList();
    }

    @Test
    void noMoreThanTheWindowIsOutstanding() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> got = Recorder.of(download(peer, 3, 5));
        assertThat(asked(peer.received())).containsExactlyElementsOf(blocks(3));

        peer.send(answer(block(0, 1)));
        peer.expect(request(block(0, 3))).expectNothing();
        peer.send(answer(block(0, 0)), answer(block(0, 3)), answer(block(0, 2)));
        peer.expect(request(block(1, 0))).expectNothing();
        assertThat(got.hasEnded()).isFalse();
        peer.send(answer(block(1, 0)));

        assertThat(got.hasCompleted()).isTrue();
        assertThat(names(got.values())).containsExactlyInAnyOrderElementsOf(blocks(5));
        peer.expectNothing().dispose();
    }

    @Test
    void withoutDemandAndBufferNothingIsAskedNorPulled() {
        ScriptedPeer peer = withoutBuffer();
        AtomicLong pulled = new AtomicLong();

        StepVerifier.create(download(peer, 10, Flux.fromIterable(blocks(6)).doOnRequest(pulled::addAndGet)), 0)
                .expectSubscription()
                .then(() -> {
                    peer.advance(Duration.ofSeconds(5)).expectNothing();
                    assertThat(pulled.get()).isZero();
                })
                .thenRequest(2)
                .then(() -> {
                    assertThat(asked(peer.received())).containsExactlyElementsOf(blocks(2));
                    assertThat(pulled.get()).isEqualTo(2);
                    peer.send(answer(block(0, 0)));
                })
                .expectNextCount(1)
                .then(peer::expectNothing)
                .thenRequest(1)
                .then(() -> peer.expect(request(block(0, 2))).expectNothing())
                .thenCancel()
                .verify(Duration.ofSeconds(5));
        peer.dispose();
    }

    @Test
    void withoutABufferASlowConsumerIsNeverAheadOfItsDemand() {
        ScriptedPeer peer = withoutBuffer();
        Recorder<Block> slow = Recorder.of(download(peer, 10, 20), 0);
        for (int demand = 1; demand <= 20; demand++) {
            slow.request(1);
            List<BlockRequest> open = asked(peer.received());
            assertThat(open).hasSize(1);
            peer.send(answer(open.get(0)));
            assertThat(slow.values()).hasSize(demand);
        }

        assertThat(slow.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void anAdaptiveWindowBeginsWithFourAndGrowsByOneWithEachBlock() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder.of(peer.wire().blocks().download(Flux.fromIterable(blocks(36))));
        List<BlockRequest> open = asked(peer.received());
        assertThat(open).hasSize(4);

        open.forEach(block -> peer.send(answer(block)));

        assertThat(asked(peer.received())).hasSize(8);
        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(8);
        peer.dispose();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAChokeUndoesIsAskedForAgain(boolean fast) {
        ScriptedPeer peer = unchoking(fast ? FAST : PLAIN);
        Recorder<Block> got = Recorder.of(download(peer, 3, 4));
        peer.received();

        peer.send(answer(block(0, 0)), new Message.Choke());
        List<BlockRequest> undone = new ArrayList<>(blocks(4).subList(1, fast ? 4 : 3));
        if (fast) {
            undone.forEach(block -> peer.send(reject(block)));
        }
        assertThat(got.hasEnded()).isFalse();
        peer.received();
        peer.advance(Duration.ofMinutes(2));
        assertThat(asked(peer.received())).isEmpty();

        peer.send(new Message.Unchoke());
        assertThat(asked(peer.received()))
                .containsExactlyInAnyOrderElementsOf(blocks(4).subList(1, 4));
        blocks(4).subList(1, 4).forEach(block -> peer.send(answer(block)));

        assertThat(got.hasCompleted()).isTrue();
        assertThat(names(got.values())).containsExactlyInAnyOrderElementsOf(blocks(4));
        peer.dispose();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelWithdrawsARequestThatAChokeHasUndone(boolean fast) {
        ScriptedPeer peer = unchoking(fast ? FAST : PLAIN);
        List<RequestException> failures = new ArrayList<>();
        Recorder<Block> got = Recorder.of(peer.wire()
                .blocks()
                .download(Flux.fromIterable(blocks(4)), RequestWindow.fixed(3), (request, failure) -> {
                    failures.add(failure);
                    return Mono.empty();
                }));
        peer.send(new Message.Choke());
        if (fast) {
            blocks(3).forEach(block -> peer.send(reject(block)));
        }
        peer.received();

        peer.wire().outbound().tryEmit(cancel(block(0, 0)));

        assertThat(peer.received()).isEmpty();
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.request()).isEqualTo(block(0, 0));
            assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
        });
        peer.send(new Message.Unchoke());
        assertThat(asked(peer.received()))
                .containsExactlyInAnyOrderElementsOf(blocks(4).subList(1, 4));
        blocks(4).subList(1, 4).forEach(block -> peer.send(answer(block)));
        assertThat(got.hasCompleted()).isTrue();
        peer.dispose();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsLostNorDoubledHoweverOftenThePeerChokes(long seed) {
        for (Features features : List.of(PLAIN, FAST)) {
            Random random = new Random(seed);
            WirePair pair = WirePair.open(SELF.withFeatures(features), OTHER.withFeatures(features));
            Wire server = pair.responder();
            server.blocks()
                    .serve(block -> Mono.just(bytes(block))
                            .delayElement(Duration.ofMillis(random.nextInt(3_000)), pair.clock()))
                    .subscribe();
            Recorder<Block> got = Recorder.of(pair.initiator().blocks().download(Flux.fromIterable(blocks(39))), 0);
            for (int i = 0; i < 200; i++) {
                server.outbound().tryEmit(random.nextInt(3) == 0 ? new Message.Choke() : new Message.Unchoke());
                got.request(1 + random.nextInt(2));
                pair.advance(Duration.ofMillis(random.nextInt(2_000)));
            }
            server.outbound().tryEmit(new Message.Unchoke());
            got.request(100);
            pair.advance(Duration.ofSeconds(40));

            assertThat(names(got.values())).containsExactlyInAnyOrderElementsOf(blocks(39));
            assertThat(got.values()).allMatch(block -> block.data().equals(bytes(block.request())));
            assertThat(got.hasCompleted()).isTrue();
            pair.dispose();
        }
    }

    // case 49
    @Test
    void whileChokedOnlyAllowedFastPiecesAreAskedFor() {
        ScriptedPeer peer =
                peer(FAST).send(new Message.HaveAll(), new Message.AllowedFast(0), new Message.AllowedFast(1));
        Recorder<Block> got =
                Recorder.of(download(peer, 10, Flux.just(block(0, 0), block(2, 0), block(1, 0), block(3, 0))));

        assertThat(asked(peer.received())).containsExactly(block(0, 0), block(1, 0));
        peer.send(answer(block(0, 0)), answer(block(1, 0))).expectNothing();
        peer.send(new Message.AllowedFast(3));
        peer.expect(request(block(3, 0))).expectNothing();
        peer.send(answer(block(3, 0)), new Message.Unchoke());
        peer.expect(request(block(2, 0))).send(answer(block(2, 0)));

        assertThat(got.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void cancellingTakesEveryRequestBackAndStopsTheSource() {
        ScriptedPeer peer = unchoking(FAST);
        TestPublisher<BlockRequest> source = TestPublisher.create();
        Recorder<Block> got = Recorder.of(download(peer, 3, source.flux()));
        source.next(block(0, 0), block(0, 1), block(0, 2));
        peer.received();

        got.cancel();

        assertThat(peer.received())
                .containsExactlyInAnyOrder(cancel(block(0, 0)), cancel(block(0, 1)), cancel(block(0, 2)));
        source.assertCancelled();
        peer.send(answer(block(0, 0)), reject(block(0, 1)));
        assertThat(got.values()).isEmpty();
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.dispose();
    }

    @Test
    void aRejectFailsTheFluxAndTakesTheRestBack() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> got = Recorder.of(download(peer, 3, 3));
        peer.received();

        peer.send(reject(block(0, 1)));

        assertThat(reason(got)).isEqualTo(Reason.REJECTED);
        assertThat(peer.received()).containsExactlyInAnyOrder(cancel(block(0, 0)), cancel(block(0, 2)));
        peer.dispose();
    }

    @Test
    void aTimeoutFailsTheFlux() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> got = Recorder.of(download(peer, 1, 3));

        peer.advance(Duration.ofSeconds(62));

        assertThat(reason(got)).isEqualTo(Reason.TIMED_OUT);
        peer.dispose();
    }

    @Test
    void anotherBlockMayTakeThePlaceOfOneThatFailed() {
        ScriptedPeer peer = unchoking(FAST);
        List<Reason> failures = new ArrayList<>();
        Recorder<Block> got = Recorder.of(peer.wire()
                .blocks()
                .download(Flux.fromIterable(blocks(4)), RequestWindow.fixed(2), (request, failure) -> {
                    failures.add(failure.reason());
                    return request.offset() == 0
                            ? Mono.just(new Block(request, bytes(request)))
                                    .delayElement(Duration.ofSeconds(3), peer.clock())
                            : Mono.empty();
                }));
        peer.send(reject(block(0, 0)), reject(block(0, 1)));
        peer.send(answer(block(0, 2)), answer(block(0, 3)));
        assertThat(got.hasEnded()).isFalse();

        peer.advance(Duration.ofSeconds(4));

        assertThat(names(got.values())).containsExactly(block(0, 2), block(0, 3), block(0, 0));
        assertThat(got.hasCompleted()).isTrue();
        assertThat(failures).containsExactly(Reason.REJECTED, Reason.REJECTED);
        peer.dispose();
    }

    @Test
    void aFailureOfTheWayOnFailsTheFlux() {
        ScriptedPeer peer = unchoking(FAST);
        IllegalStateException mine = new IllegalStateException();
        Recorder<Block> got = Recorder.of(peer.wire()
                .blocks()
                .download(Flux.fromIterable(blocks(2)), RequestWindow.fixed(2), (request, failure) -> {
                    throw mine;
                }));

        peer.send(reject(block(0, 0)));

        assertThat(got.error()).isSameAs(mine);
        peer.dispose();
    }
}
