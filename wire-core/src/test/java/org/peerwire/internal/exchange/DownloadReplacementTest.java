/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

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

/** Requests that fail, and the blocks that replace them. */
class DownloadReplacementTest {
    private final ExchangeProbe probe = new ExchangeProbe(true, options -> options.downloadBuffer(0));
    private final TestPublisher<BlockRequest> source = TestPublisher.create();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private static Flux<BlockRequest> source(int blocks) {
        return Flux.range(0, blocks).map(ExchangeProbe::block);
    }

    private TestSubscriber<Integer> download(Publisher<BlockRequest> blocks, int window, long demand) {
        return download(blocks, window, demand, (request, failure) -> Mono.error(failure));
    }

    /** Downloads, and keeps the index of each block. */
    private TestSubscriber<Integer> download(
            Publisher<BlockRequest> blocks,
            int window,
            long demand,
            BiFunction<BlockRequest, RequestException, Mono<Block>> onFailure) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        probe.blocks
                .download(blocks, RequestWindow.fixed(window), onFailure)
                .map(block -> {
                    block.release();
                    return block.piece();
                })
                .subscribe(subscriber);
        return subscriber;
    }

    private TestSubscriber<Integer> unchoked(Publisher<BlockRequest> blocks, int window, long demand) {
        probe.unchoke();
        return download(blocks, window, demand);
    }

    private void receive(int... pieces) {
        IntStream.of(pieces).forEach(piece -> probe.receive(block(piece)));
    }

    @Test
    void rejectFailsTheDownloadAndCancelsTheRest() {
        TestSubscriber<Integer> download = unchoked(source(3), 3, Long.MAX_VALUE);
        probe.written();

        probe.receiveReject(block(1));

        assertThat(((RequestException) download.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.REJECTED);
        assertThat(probe.written()).isEqualTo(cancels(0, 2));
    }

    @Test
    void replacementTakesThePlaceOfABlock() {
        probe.unchoke();
        TestSubscriber<Integer> download = download(
                source(2), 2, Long.MAX_VALUE, (request, failure) -> Mono.just(new Block(request, probe.data(100))));

        probe.receiveReject(block(0));
        receive(1);

        assertThat(download.getReceivedOnNext()).containsExactly(0, 1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void emptyReplacementLeavesTheBlockOut() {
        probe.unchoke();
        TestSubscriber<Integer> download = download(source(2), 2, Long.MAX_VALUE, (request, failure) -> Mono.empty());

        probe.receiveReject(block(0));
        receive(1);

        assertThat(download.getReceivedOnNext()).containsExactly(1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void awaitedReplacementUsesDemandAndDelaysTheCompletion() {
        probe.unchoke();
        Sinks.One<Block> replacement = Sinks.one();
        TestSubscriber<Integer> download = download(source(2), 2, 1, (request, failure) -> replacement.asMono());
        probe.written();

        probe.receiveReject(block(0));
        assertThat(probe.written()).as("the demand is for the replacement").isEmpty();
        download.request(1);
        assertThat(probe.written()).isEqualTo(requests(1));
        receive(1);
        assertThat(download.isTerminated()).isFalse();

        probe.loop.elsewhere(() -> replacement.tryEmitValue(new Block(block(0), probe.data(100))));
        probe.loop.runTasks();

        assertThat(download.getReceivedOnNext()).containsExactly(1, 0);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void endOfAReplacementOnTheLoopDoesNotOvertakeItsBlock() {
        probe.unchoke();
        TestPublisher<Block> replacement = TestPublisher.create();
        TestSubscriber<Integer> download =
                download(source(1), 2, Long.MAX_VALUE, (request, failure) -> Mono.fromDirect(replacement));
        probe.receiveReject(block(0));

        probe.loop.elsewhere(() -> replacement.next(new Block(block(0), probe.data(100))));
        replacement.complete();
        probe.loop.runTasks();

        assertThat(download.getReceivedOnNext()).containsExactly(0);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void replacementThatFailsFailsTheDownload() {
        probe.unchoke();
        TestSubscriber<Integer> thrown = download(source(1), 2, Long.MAX_VALUE, (request, failure) -> {
            throw new IllegalStateException("no other peer");
        });
        probe.receiveReject(block(0));
        TestSubscriber<Integer> missing = download(source(1), 2, Long.MAX_VALUE, (request, failure) -> nothing());
        probe.receiveReject(block(0));

        assertThat(thrown.expectTerminalError()).hasMessage("no other peer");
        assertThat(missing.expectTerminalError()).isInstanceOf(NullPointerException.class);
    }

    /** The mistakes of a replacement. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Mono<Block> nothing() {
        return null;
    }

    @Test
    void replacementAfterTheCancellationIsReleased() {
        probe.unchoke();
        TestPublisher<Block> replacement =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        TestSubscriber<Integer> download =
                download(source(1), 2, Long.MAX_VALUE, (request, failure) -> Mono.fromDirect(replacement));
        probe.receiveReject(block(0));
        Block late = new Block(block(0), probe.data(100));
        probe.loop.elsewhere(() -> {
            replacement.next(late);
            download.cancel();
        });

        probe.loop.runTasks();

        assertThat(late.refCnt()).isZero();
        assertThat(download.getReceivedOnNext()).isEmpty();
    }

    @Test
    void blockThatIsOutstandingAlreadyFailsTheDownload() {
        unchoked(source(1), 2, Long.MAX_VALUE);
        TestSubscriber<Integer> second = download(source(1), 2, Long.MAX_VALUE);

        assertThat(((RequestException) second.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.DUPLICATE);
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void implausibleRequestFailsTheDownload() {
        TestSubscriber<Integer> download = unchoked(Flux.just(block(0), new BlockRequest(1, 0, 0)), 4, 5);

        assertThat(download.expectTerminalError()).isInstanceOf(IllegalArgumentException.class);
        assertThat(probe.pending.size()).isZero();
    }

    @Test
    void errorOfTheSourceFailsTheDownloadAndCancelsItsRequests() {
        TestSubscriber<Integer> download = unchoked(source, 2, Long.MAX_VALUE);
        source.next(block(0));
        probe.written();

        source.error(new IllegalStateException("no plan"));

        assertThat(download.expectTerminalError()).hasMessage("no plan");
        assertThat(probe.written()).isEqualTo(cancels(0));
    }
}
