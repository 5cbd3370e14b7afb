/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.RequestWindow;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Downloads that go on elsewhere after the end of their wire. */
class DownloadFailoverTest {
    private final ExchangeProbe dying = new ExchangeProbe(true);
    private final ExchangeProbe other = new ExchangeProbe(true);
    private final List<String> failures = new ArrayList<>();

    DownloadFailoverTest() {
        dying.unchoke();
        other.unchoke();
    }

    @AfterEach
    void nothingIsLeaked() {
        dying.endWithoutLeak();
        other.endWithoutLeak();
    }

    private static Flux<BlockRequest> source(int blocks) {
        return Flux.range(0, blocks).map(ExchangeProbe::block);
    }

    private TestSubscriber<Integer> download(
            Publisher<BlockRequest> blocks,
            int window,
            long demand,
            BiFunction<BlockRequest, RequestException, Mono<Block>> then) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        dying.blocks
                .download(blocks, RequestWindow.fixed(window), (request, failure) -> {
                    failures.add(request.piece() + " " + failure.reason());
                    return then.apply(request, failure);
                })
                .map(block -> {
                    block.release();
                    return block.piece();
                })
                .subscribe(subscriber);
        return subscriber;
    }

    private TestSubscriber<Integer> movingOver(int blocks, int window, long demand) {
        return download(source(blocks), window, demand, (request, failure) -> other.blocks.request(request));
    }

    private void receive(ExchangeProbe from, int... pieces) {
        IntStream.of(pieces).forEach(piece -> from.receive(block(piece)));
    }

    private void end() {
        dying.context.end(null);
    }

    @Test
    void everyOutstandingRequestIsAskedForElsewhereOnce() {
        TestSubscriber<Integer> download = movingOver(3, 3, Long.MAX_VALUE);
        receive(dying, 1);

        end();

        assertThat(failures).containsExactly("0 CLOSED", "2 CLOSED");
        assertThat(other.written()).isEqualTo(requests(0, 2));
        assertThat(download.isTerminated()).isFalse();
        receive(other, 2, 0);
        assertThat(download.getReceivedOnNext()).containsExactly(1, 2, 0);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void restOfTheSourceFollowsAsPlacesBecomeFree() {
        TestSubscriber<Integer> download = movingOver(6, 2, Long.MAX_VALUE);

        end();

        assertThat(other.written()).isEqualTo(requests(0, 1));
        receive(other, 0);
        assertThat(other.written()).isEqualTo(requests(2));
        receive(other, 1, 2, 3, 4, 5);
        assertThat(download.getReceivedOnNext()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(failures).hasSize(6).doesNotHaveDuplicates();
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void blocksThatWaitAreDeliveredAfterTheEnd() {
        TestSubscriber<Integer> download = movingOver(2, 2, 0);
        receive(dying, 0);

        end();

        receive(other, 1);
        assertThat(download.isTerminated()).isFalse();
        download.request(2);
        assertThat(download.getReceivedOnNext()).containsExactly(0, 1);
        assertThat(failures).containsExactly("1 CLOSED");
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void requestsThatWaitForAnUnchokeAreAskedForElsewhere() {
        TestSubscriber<Integer> download = movingOver(2, 2, Long.MAX_VALUE);
        dying.receiveChoke();
        dying.receiveReject(block(0));

        end();

        assertThat(failures).containsExactlyInAnyOrder("0 CLOSED", "1 CLOSED");
        receive(other, 0, 1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void demandStillBoundsTheReplacements() {
        ExchangeProbe strict = new ExchangeProbe(true, options -> options.downloadBuffer(0));
        strict.unchoke();
        TestSubscriber<Block> download =
                TestSubscriber.builder().initialRequest(1).build();
        strict.blocks
                .download(source(5), RequestWindow.fixed(4), (request, failure) -> other.blocks.request(request))
                .doOnNext(Block::release)
                .subscribe(download);

        strict.context.end(null);

        assertThat(other.written()).isEqualTo(requests(0));
        receive(other, 0);
        assertThat(other.written()).isEmpty();
        download.cancel();
        strict.endWithoutLeak();
    }

    @Test
    void rejectBeforeTheEndIsAFailureOfItsOwn() {
        movingOver(2, 2, Long.MAX_VALUE);
        dying.receiveReject(block(0));

        end();

        assertThat(failures).containsExactly("0 REJECTED", "1 CLOSED");
        receive(other, 0, 1);
    }

    @Test
    void downloadThatStartsAfterTheEndHandsOutEveryRequest() {
        end();

        TestSubscriber<Integer> download = movingOver(3, 2, Long.MAX_VALUE);

        receive(other, 0, 1, 2);
        assertThat(failures).containsExactly("0 CLOSED", "1 CLOSED", "2 CLOSED");
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void endInOnNextMovesTheRest() {
        List<Integer> got = new ArrayList<>();
        dying.blocks
                .download(source(3), RequestWindow.fixed(3), (request, failure) -> {
                    failures.add(request.piece() + " " + failure.reason());
                    return other.blocks.request(request);
                })
                .subscribe(block -> {
                    got.add(block.piece());
                    block.release();
                    end();
                });

        receive(dying, 1);
        receive(other, 0, 2);

        assertThat(got).containsExactly(1, 0, 2);
        assertThat(failures).containsExactly("0 CLOSED", "2 CLOSED");
    }

    @Test
    void endInsideTheSourceMovesItsBlockToo() {
        TestSubscriber<Integer> download = download(
                source(3).doOnNext(request -> end()),
                2,
                Long.MAX_VALUE,
                (request, failure) -> other.blocks.request(request));

        receive(other, 0, 1, 2);

        assertThat(failures).containsExactly("0 CLOSED", "1 CLOSED", "2 CLOSED");
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void cancellationAfterTheEndCancelsTheReplacementsAndTheSource() {
        TestPublisher<BlockRequest> requests = TestPublisher.create();
        TestPublisher<Block> replacement = TestPublisher.create();
        TestSubscriber<Integer> download =
                download(requests, 2, Long.MAX_VALUE, (request, failure) -> replacement.mono());
        requests.next(block(0));
        end();
        requests.assertNotCancelled();

        download.cancel();

        requests.assertCancelled();
        replacement.assertCancelled();
    }

    @Test
    void cancellationInOnFailureStopsTheRest() {
        TestSubscriber<Integer> download = TestSubscriber.create();
        dying.blocks
                .download(source(3), RequestWindow.fixed(3), (request, failure) -> {
                    failures.add(request.piece() + " " + failure.reason());
                    download.cancel();
                    return Mono.empty();
                })
                .map(Block::piece)
                .subscribe(download);

        end();

        assertThat(failures).containsExactly("0 CLOSED");
        assertThat(download.isTerminated()).isFalse();
    }

    @Test
    void failureOfAReplacementFailsTheDownloadAndAsksForNoMore() {
        TestSubscriber<Integer> download =
                download(source(9), 3, Long.MAX_VALUE, (request, failure) -> Mono.error(new IllegalStateException()));

        end();

        assertThat(failures).containsExactly("0 CLOSED");
        assertThat(download.expectTerminalError()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sourceThatEndsWithTheWireLeavesTheRestToOthers() {
        Sinks.Empty<Void> onClose = Sinks.empty();
        ExchangeProbe wire = new ExchangeProbe(true);
        wire.unchoke();
        List<Integer> pulled = new ArrayList<>();
        TestSubscriber<Block> download = TestSubscriber.create();
        wire.blocks
                .download(
                        source(1_000)
                                .doOnNext(request -> pulled.add(request.piece()))
                                .takeUntilOther(onClose.asMono()),
                        RequestWindow.fixed(2),
                        (request, failure) -> Mono.empty())
                .subscribe(download);

        onClose.tryEmitEmpty(); // the engine does it before the end of the downloads
        wire.context.end(null);

        wire.endWithoutLeak();
        assertThat(pulled).containsExactly(0, 1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void longSourceDoesNotOverflowTheStack() {
        end();

        TestSubscriber<Integer> download =
                download(source(100_000), 4, Long.MAX_VALUE, (request, failure) -> Mono.empty());

        assertThat(download.isTerminatedComplete()).isTrue();
        assertThat(failures).hasSize(100_000);
    }

    @Test
    void replacementSeesTheContextOfTheSubscriber() {
        List<String> seen = new ArrayList<>();
        dying.blocks
                .download(
                        source(1),
                        RequestWindow.fixed(1),
                        (request, failure) -> Mono.deferContextual(context -> {
                            seen.add(context.get("trace"));
                            return Mono.empty();
                        }))
                .contextWrite(context -> context.put("trace", "t1"))
                .subscribe();

        dying.receiveReject(block(0));

        assertThat(seen).containsExactly("t1");
    }
}
