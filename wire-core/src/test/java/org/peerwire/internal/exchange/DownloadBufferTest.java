/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.util.ArrayList;
import java.util.List;
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

/** Blocks that arrive before the subscriber requests them. */
class DownloadBufferTest {
    private static final int THREE_BLOCKS = 3 * BlockRequest.BLOCK_LENGTH;

    private ExchangeProbe probe = new ExchangeProbe(true, options -> options.downloadBuffer(THREE_BLOCKS));
    private final List<Block> taken = new ArrayList<>();
    private final List<TestSubscriber<?>> started = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        started.forEach(TestSubscriber::cancel);
        taken.forEach(Block::release);
        probe.endWithoutLeak();
    }

    private static Flux<BlockRequest> source(int from, int to) {
        return Flux.range(from, to - from).map(ExchangeProbe::block);
    }

    private TestSubscriber<Integer> download(Publisher<BlockRequest> blocks, int window, long demand) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        probe.unchoke();
        probe.blocks
                .download(blocks, RequestWindow.fixed(window), (request, failure) -> Mono.error(failure))
                .doOnNext(taken::add)
                .map(Block::piece)
                .subscribe(subscriber);
        started.add(subscriber);
        return subscriber;
    }

    private void receive(int... pieces) {
        IntStream.of(pieces).forEach(piece -> probe.receive(block(piece)));
    }

    @Test
    void requestsRunAheadOfTheDemandByTheBuffer() {
        TestSubscriber<Integer> download = download(source(0, 20), 10, 2);

        assertThat(probe.written()).isEqualTo(requests(0, 1, 2, 3, 4));
        receive(0, 1, 2, 3, 4);
        assertThat(download.getReceivedOnNext()).containsExactly(0, 1);
        assertThat(probe.written()).as("the buffer is full").isEmpty();

        download.request(1);
        assertThat(download.getReceivedOnNext()).containsExactly(0, 1, 2);
        assertThat(probe.written()).isEqualTo(requests(5));
    }

    @Test
    void windowBoundsRequestsAndWaitingBlocksTogether() {
        download(source(0, 20), 2, 0);
        assertThat(probe.written()).isEqualTo(requests(0, 1));

        receive(0);

        assertThat(probe.written()).isEmpty();
    }

    @Test
    void fullBufferPullsNothingFromTheSource() {
        List<Long> pulls = new ArrayList<>();
        download(source(0, 20).doOnRequest(pulls::add), 10, 0);
        receive(0, 1, 2);

        probe.downloads.onPermissionsChanged();

        assertThat(pulls).containsExactly(3L);
    }

    @Test
    void blockOverTheDefaultLengthTakesItsLengthOfTheBuffer() {
        probe = new ExchangeProbe(true, options -> options.downloadBuffer(THREE_BLOCKS)
                .limits(limits -> limits.maxBlockLength(THREE_BLOCKS)));
        BlockRequest big = new BlockRequest(0, 0, THREE_BLOCKS - 1);
        download(Flux.just(big, block(1), block(2)), 10, 0);

        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void downloadsOfAWireShareTheBuffer() {
        TestSubscriber<Integer> first = download(source(0, 3), 10, 0);
        TestSubscriber<Integer> second = download(source(10, 20), 10, 1);
        assertThat(probe.written()).as("demand needs no buffer").isEqualTo(requests(0, 1, 2, 10));
        receive(0, 1, 2, 10);
        assertThat(second.getReceivedOnNext()).containsExactly(10);
        assertThat(probe.written()).isEmpty();

        first.request(2);

        assertThat(probe.written()).isEqualTo(requests(11, 12));
    }

    @Test
    void failedDownloadKeepsNoBufferForItsRequests() {
        TestPublisher<BlockRequest> failing = TestPublisher.create();
        download(failing, 10, 0);
        failing.next(block(0), block(1), block(2));
        receive(0);
        download(source(10, 20), 10, 0);
        assertThat(probe.written()).isEqualTo(requests(0, 1, 2));

        failing.error(new IllegalStateException("the source has failed"));

        assertThat(probe.written()).containsAll(requests(10, 11)).doesNotContainAnyElementsOf(requests(12));
    }

    @Test
    void endOfADownloadFreesItsPartOfTheBuffer() {
        TestSubscriber<Integer> first = download(source(0, 3), 10, 0);
        download(source(10, 20), 10, 0);
        receive(0, 1, 2);
        probe.written();

        first.cancel();

        assertThat(probe.written()).isEqualTo(requests(10, 11, 12));
    }

    @Test
    void completionWaitsUntilTheLastBlockIsTaken() {
        TestSubscriber<Integer> download = download(source(0, 2), 10, 0);
        receive(0, 1);
        assertThat(download.isTerminated()).isFalse();

        download.request(1);
        assertThat(download.isTerminated()).isFalse();
        download.request(1);

        assertThat(download.getReceivedOnNext()).containsExactly(0, 1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void errorFollowsTheBlocksThatHaveArrived() {
        TestSubscriber<Integer> download = download(source(0, 10), 3, 0);
        receive(0);
        probe.receiveReject(block(1));
        assertThat(probe.written()).endsWith(cancels(2).get(0));
        assertThat(download.isTerminated()).isFalse();

        download.request(1);

        assertThat(download.getReceivedOnNext()).containsExactly(0);
        assertThat(((RequestException) download.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.REJECTED);
    }

    @Test
    void cancellationReleasesTheWaitingBlocksAndCancelsTheRequests() {
        TestSubscriber<Integer> download = download(source(0, 10), 3, 0);
        receive(0, 1);
        probe.written();

        download.cancel();

        assertThat(probe.written()).isEqualTo(cancels(2));
        assertThat(probe.alloc.metric().usedHeapMemory()).isZero();
    }

    @Test
    void cancellationOnABlockReleasesTheOthers() {
        probe.unchoke();
        List<Block> got = new ArrayList<>();
        TestSubscriber<Block> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        probe.blocks.download(source(0, 3)).doOnNext(got::add).take(1).subscribe(subscriber);
        receive(0, 1, 2);

        subscriber.request(1);

        assertThat(got).hasSize(1);
        got.get(0).release();
        assertThat(probe.alloc.metric().usedHeapMemory()).isZero();
    }

    @Test
    void discardHookOfTheSubscriberDoesNotSeeBlocksThatWait() {
        probe.unchoke();
        List<Block> discarded = new ArrayList<>();
        TestSubscriber<Block> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        probe.blocks
                .download(source(0, 2))
                .doOnDiscard(Block.class, discarded::add)
                .subscribe(subscriber);
        receive(0, 1);

        subscriber.cancel();

        assertThat(discarded).as("the wire releases them itself").isEmpty();
        assertThat(probe.alloc.metric().usedHeapMemory()).isZero();
    }

    @Test
    void chokeKeepsTheBlocksThatWaitAndRepeatsTheRest() {
        TestSubscriber<Integer> download = download(source(0, 3), 10, 0);
        receive(0);
        probe.written();

        probe.receiveChoke();
        probe.receiveReject(block(1));
        probe.receiveReject(block(2));
        download.request(1);
        assertThat(probe.written()).isEmpty();
        probe.unchoke();

        assertThat(probe.written()).isEqualTo(requests(1, 2));
        assertThat(download.getReceivedOnNext()).containsExactly(0);
    }

    @Test
    void replacementWithoutDemandWaitsToo() {
        probe.unchoke();
        Sinks.One<Block> replacement = Sinks.one();
        TestSubscriber<Block> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        probe.blocks
                .download(source(0, 1), RequestWindow.fixed(2), (request, failure) -> replacement.asMono())
                .subscribe(subscriber);
        probe.receiveReject(block(0));

        replacement.tryEmitValue(new Block(block(0), probe.data(100)));
        assertThat(subscriber.getReceivedOnNext()).isEmpty();
        subscriber.request(1);

        assertThat(subscriber.getReceivedOnNext()).hasSize(1);
        taken.addAll(subscriber.getReceivedOnNext());
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    @Test
    void awaitedReplacementsUseTheWindow() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = TestSubscriber.create();
        TestPublisher<Block> never = TestPublisher.create();
        probe.blocks
                .download(source(0, 10), RequestWindow.fixed(2), (request, failure) -> never.mono())
                .subscribe(subscriber);
        probe.receiveReject(block(0));
        probe.receiveReject(block(1));
        probe.written();

        probe.downloads.onPermissionsChanged();

        assertThat(probe.written()).as("a peer that rejects everything").isEmpty();
        subscriber.cancel();
        never.assertCancelled();
    }
}
