/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.RequestWindow;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Cancellation of a download, and an end of the wire at each of its steps. */
class BlockDownloadEndTest {
    private final ExchangeProbe probe =
            new ExchangeProbe(true, options -> options.requestWindow(RequestWindow.fixed(2)));
    private final TestPublisher<BlockRequest> source = TestPublisher.create();
    private final List<Long> pulls = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private Flux<BlockRequest> pulled() {
        return source.flux().doOnRequest(pulls::add);
    }

    private Flux<Block> download(Publisher<BlockRequest> blocks) {
        return probe.blocks.download(blocks);
    }

    private static TestSubscriber<Block> subscribe(Flux<Block> blocks) {
        TestSubscriber<Block> subscriber = TestSubscriber.create();
        blocks.subscribe(subscriber);
        return subscriber;
    }

    private void end() {
        probe.context.end(null);
    }

    private static void assertClosed(TestSubscriber<?> download) {
        assertThat(download.expectTerminalError())
                .isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(e.reason())
                        .isEqualTo(ConnectionException.Reason.CLOSED));
        assertThat(download.getProtocolErrors()).isEmpty();
    }

    // ---- cancellation ----

    @Test
    void cancellationCancelsTheRequestsAndTheSource() {
        probe.unchoke();
        TestSubscriber<Block> download = subscribe(download(source));
        source.next(block(0)).next(block(1));
        probe.written();

        download.cancel();

        source.assertCancelled();
        assertThat(probe.written()).isEqualTo(cancels(0, 1));
        assertThat(download.isTerminated()).isFalse();
    }

    @Test
    void cancellationInOnSubscribeLeavesNothingStarted() {
        probe.unchoke();

        subscribe(download(pulled()).doOnSubscribe(subscription -> subscription.cancel()));

        source.assertCancelled();
        assertThat(pulls).isEmpty();
        probe.downloads.onPermissionsChanged();
        assertThat(pulls).isEmpty();
    }

    @Test
    void cancellationOnABlockTakesNoMore() {
        probe.unchoke();
        List<Block> taken = new ArrayList<>();
        download(Flux.just(block(0), block(1), block(2)))
                .takeUntil(block -> true)
                .subscribe(taken::add);
        probe.written();

        probe.receive(block(0));

        assertThat(taken).hasSize(1);
        assertThat(probe.written()).isEqualTo(cancels(1));
        taken.get(0).release();
        probe.receive(block(1));
        assertThat(taken).hasSize(1);
    }

    @Test
    void blockThatArrivesWhileTheCancellationIsOnItsWayIsReleased() {
        probe.unchoke();
        TestSubscriber<Block> download = subscribe(download(Flux.just(block(0))));
        probe.loop.elsewhere(download::cancel);

        probe.receive(block(0));
        probe.loop.runTasks();

        assertThat(download.getReceivedOnNext()).isEmpty();
    }

    @Test
    void subscriptionOnAnotherThreadStartsOnTheLoop() {
        probe.unchoke();
        TestSubscriber<Block> download = TestSubscriber.create();
        probe.loop.elsewhere(() -> download(Flux.just(block(0))).subscribe(download));
        assertThat(probe.written()).isEmpty();

        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(requests(0));
    }

    // ---- the end ----

    @Test
    void endFailsTheDownloadAndCancelsItsSource() {
        probe.unchoke();
        TestSubscriber<Block> download = subscribe(download(source));
        source.next(block(0));

        end();

        assertClosed(download);
        source.assertCancelled();
    }

    @Test
    void endFailsADownloadThatWaitsForAnUnchoke() {
        TestSubscriber<Block> download = subscribe(download(source));

        end();

        assertClosed(download);
    }

    @Test
    void endFailsEachOfSeveralDownloads() {
        probe.advice.requestQueue(2);
        probe.unchoke();
        TestSubscriber<Block> first = subscribe(download(Flux.just(block(0), block(1))));
        TestSubscriber<Block> second = subscribe(download(Flux.just(block(2), block(3))));
        TestSubscriber<Block> third = subscribe(download(pulled()));
        probe.written();

        end();

        assertClosed(first);
        assertClosed(second);
        assertClosed(third);
        assertThat(pulls).as("no source is pulled after the end").isEmpty();
    }

    @Test
    void downloadAfterTheEndFailsWithoutPullingItsSource() {
        end();

        TestSubscriber<Block> download = subscribe(download(pulled()));

        assertClosed(download);
        source.assertCancelled();
        assertThat(pulls).isEmpty();
    }

    @Test
    void downloadAfterTheEndOfAllowedPiecesFailsWithoutPullingItsSource() {
        probe.advice.allow(0);
        end();

        TestSubscriber<Block> download = subscribe(download(Flux.just(block(0)).doOnRequest(pulls::add)));

        assertClosed(download);
        assertThat(pulls).isEmpty();
    }

    @Test
    void endInOnSubscribeFailsTheDownload() {
        probe.unchoke();

        TestSubscriber<Block> download = subscribe(download(pulled()).doOnSubscribe(subscription -> end()));

        assertClosed(download);
        source.assertCancelled();
        assertThat(pulls).isEmpty();
    }

    @Test
    void endBeforeTheLoopStartsTheDownloadFailsIt() {
        probe.unchoke();
        TestSubscriber<Block> download = TestSubscriber.create();
        probe.loop.elsewhere(() -> download(pulled()).subscribe(download));

        end();
        probe.loop.runTasks();

        assertClosed(download);
        assertThat(pulls).isEmpty();
    }

    @Test
    void sourceThatEndsTheWireWhenItIsPulledFailsTheDownload() {
        probe.unchoke();

        TestSubscriber<Block> download = subscribe(download(source.flux().doOnRequest(n -> end())));

        assertClosed(download);
        source.assertCancelled();
    }

    @Test
    void sourceThatEndsTheWireWithItsBlockMakesNoRequest() {
        probe.unchoke();

        TestSubscriber<Block> download =
                subscribe(download(Flux.just(block(0), block(1)).doOnNext(request -> end())));

        assertClosed(download);
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void writeOfARequestThatFailsFailsTheDownload() {
        probe.unchoke();
        probe.failWrites();

        TestSubscriber<Block> download = subscribe(download(source));
        source.next(block(0));

        assertClosed(download);
        source.assertCancelled();
    }

    @Test
    void endAfterTheLastBlockChangesNothing() {
        probe.unchoke();
        TestSubscriber<Block> download = subscribe(download(Flux.just(block(0))));
        probe.receive(block(0));

        end();

        assertThat(download.isTerminatedComplete()).isTrue();
        download.getReceivedOnNext().get(0).release();
    }

    @Test
    void completionFollowsTheLastBlockAlsoForASubscriberThatRequestsInOnNext() {
        probe.unchoke();
        List<String> events = new ArrayList<>();
        download(Flux.just(block(0))).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Block block) {
                request(1);
                events.add("block");
                block.release();
            }

            @Override
            protected void hookOnComplete() {
                events.add("completion");
            }
        });

        probe.receive(block(0));

        assertThat(events).containsExactly("block", "completion");
    }

    @Test
    void subscriberThatEndsTheWireAtABlockHasItAndThenTheError() {
        probe.unchoke();
        TestSubscriber<Block> download =
                subscribe(download(Flux.just(block(0), block(1), block(2))).doOnNext(block -> end()));

        probe.receive(block(0));

        assertThat(download.getReceivedOnNext()).hasSize(1);
        download.getReceivedOnNext().get(0).release();
        assertClosed(download);
    }

    private TestSubscriber<Integer> withoutDemand(int blocks) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(0).build();
        probe.unchoke();
        download(Flux.range(0, blocks).map(ExchangeProbe::block))
                .doOnNext(Block::release)
                .map(Block::piece)
                .subscribe(subscriber);
        return subscriber;
    }

    @Test
    void blocksThatHaveArrivedAreEmittedBeforeTheError() {
        TestSubscriber<Integer> download = withoutDemand(4);
        probe.receive(block(0));

        end();
        assertThat(download.isTerminated()).isFalse();
        download.request(1);

        assertThat(download.getReceivedOnNext()).containsExactly(0);
        assertClosed(download);
    }

    @Test
    void downloadWhoseBlocksHaveAllArrivedCompletesAfterTheEnd() {
        TestSubscriber<Integer> download = withoutDemand(2);
        probe.receive(block(0));
        probe.receive(block(1));

        end();
        download.request(2);

        assertThat(download.getReceivedOnNext()).containsExactly(0, 1);
        assertThat(download.isTerminatedComplete()).isTrue();
    }
}
