/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.RequestException;
import org.peerwire.RequestWindow;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Window, demand and chokes while the wire lives. */
class BlockDownloadTest {
    private ExchangeProbe probe = new ExchangeProbe(false);
    private final TestPublisher<BlockRequest> source = TestPublisher.create();
    private final List<RequestException> failures = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private void strict() {
        probe = new ExchangeProbe(false, options -> options.downloadBuffer(0));
    }

    private void withFast() {
        probe = new ExchangeProbe(true);
    }

    private static Flux<BlockRequest> source(int blocks) {
        return Flux.range(0, blocks).map(ExchangeProbe::block);
    }

    /** Downloads, and keeps the index of each block. */
    private TestSubscriber<Integer> download(Publisher<BlockRequest> blocks, int window, long demand) {
        TestSubscriber<Integer> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        probe.blocks
                .download(blocks, RequestWindow.fixed(window), (request, failure) -> {
                    failures.add(failure);
                    return Mono.error(failure);
                })
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

    // ---- window and demand ----

    @Test
    void windowBoundsTheRequests() {
        TestSubscriber<Integer> download = unchoked(source(5), 2, Long.MAX_VALUE);
        assertThat(probe.written()).isEqualTo(requests(0, 1));

        receive(1);
        assertThat(probe.written()).isEqualTo(requests(2));

        receive(0, 2, 3, 4);
        assertThat(download.getReceivedOnNext()).containsExactly(1, 0, 2, 3, 4);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void requestFromTheLoopDoesNotOvertakeThoseOfAnotherThread() {
        TestSubscriber<Integer> download = unchoked(source, 4, Long.MAX_VALUE);

        probe.loop.elsewhere(() -> source.next(block(0), block(1)));
        source.next(block(2)).complete();
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(requests(0, 1, 2));
        assertThat(download.isTerminated()).isFalse();
        receive(0, 1, 2);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void endFromTheLoopDoesNotOvertakeTheRequestsOfAnotherThread() {
        TestSubscriber<Integer> download = unchoked(source, 4, Long.MAX_VALUE);

        probe.loop.elsewhere(() -> source.next(block(0)));
        source.complete();
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(requests(0));
        receive(0);
        assertThat(download.getReceivedOnNext()).containsExactly(0);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void demandBoundsTheRequestsWithoutABuffer() {
        strict();
        TestSubscriber<Integer> download = unchoked(source(5), 4, 0);
        assertThat(probe.written()).isEmpty();

        download.request(1);
        assertThat(probe.written()).isEqualTo(requests(0));
        download.request(2);
        assertThat(probe.written()).isEqualTo(requests(1, 2));

        receive(0, 1, 2);
        assertThat(probe.written()).isEmpty();
        assertThat(download.getReceivedOnNext()).hasSize(3);
        assertThat(download.isTerminated()).isFalse();
    }

    @Test
    void queueOfThePeerBoundsTheRequestsWithOnePlaceFree() {
        probe.advice.requestQueue(4);
        unchoked(source(10), 8, Long.MAX_VALUE);

        assertThat(probe.written()).isEqualTo(requests(0, 1, 2));
    }

    @Test
    void longerQueueOfThePeerIsUsedAtOnce() {
        probe.advice.requestQueue(2);
        unchoked(source(10), 8, Long.MAX_VALUE);
        assertThat(probe.written()).isEqualTo(requests(0));

        probe.advice.requestQueue(4);
        probe.downloads.onPermissionsChanged();

        assertThat(probe.written()).isEqualTo(requests(1, 2));
    }

    @Test
    void placeThatADownloadFreesGoesToTheOther() {
        probe.advice.requestQueue(2);
        TestSubscriber<Integer> first = unchoked(Flux.just(block(0)), 8, Long.MAX_VALUE);
        TestSubscriber<Integer> second = download(Flux.just(block(9)), 8, Long.MAX_VALUE);
        assertThat(probe.written()).isEqualTo(requests(0));

        receive(0);

        assertThat(probe.written()).isEqualTo(requests(9));
        assertThat(first.isTerminatedComplete()).isTrue();
        receive(9);
        assertThat(second.isTerminatedComplete()).isTrue();
    }

    @Test
    void sourceIsPulledOneForOneAsPlacesBecomeFree() {
        List<Long> demand = new ArrayList<>();
        unchoked(source.flux().doOnRequest(demand::add), 3, Long.MAX_VALUE);
        assertThat(demand).containsExactly(3L);

        source.next(block(0)).next(block(1)).next(block(2));
        assertThat(demand).hasSize(1);
        receive(1);

        assertThat(demand).containsExactly(3L, 1L);
    }

    @Test
    void requestsOfOneReadLeaveWithOneFlush() {
        unchoked(source(50), 50, Long.MAX_VALUE);

        assertThat(probe.channel.outboundMessages().size())
                .as("fewer writes than messages")
                .isLessThan(10);
        assertThat(probe.written()).hasSize(50);
    }

    @Test
    void emptySourceCompletes() {
        assertThat(download(Flux.empty(), 2, 0).isTerminatedComplete()).isTrue();
    }

    @Test
    void downloadCompletesAfterItsLastBlockOnly() {
        TestSubscriber<Integer> download = unchoked(source(1), 2, 1);
        assertThat(download.isTerminated()).isFalse();

        receive(0);

        assertThat(download.isTerminatedComplete()).isTrue();
        assertThat(download.getProtocolErrors()).isEmpty();
    }

    // ---- chokes ----

    @Test
    void nothingIsPulledWhileThePeerChokes() {
        List<Long> demand = new ArrayList<>();
        download(source.flux().doOnRequest(demand::add), 3, Long.MAX_VALUE);
        assertThat(demand).isEmpty();

        probe.unchoke();

        assertThat(demand).containsExactly(3L);
    }

    @Test
    void requestsThatAChokeDropsAreMadeAgainAfterTheUnchoke() {
        TestSubscriber<Integer> download = unchoked(source(3), 2, Long.MAX_VALUE);
        probe.written();

        probe.receiveChoke();
        assertThat(probe.written()).isEmpty();
        assertThat(download.isTerminated()).isFalse();
        probe.unchoke();

        assertThat(probe.written()).isEqualTo(requests(0, 1));
        receive(0, 1, 2);
        assertThat(download.isTerminatedComplete()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void rejectDuringAChokeIsNoFailureUnderFast() {
        withFast();
        TestSubscriber<Integer> download = unchoked(source(2), 2, Long.MAX_VALUE);
        probe.written();

        probe.receiveChoke();
        probe.receiveReject(block(0));
        receive(1); // the peer may still answer
        assertThat(probe.written()).isEmpty();
        probe.unchoke();

        assertThat(probe.written()).isEqualTo(requests(0));
        receive(0);
        assertThat(download.isTerminatedComplete()).isTrue();
    }

    @Test
    void allowedFastPiecesAreRequestedWhileThePeerChokes() {
        withFast();
        probe.advice.allow(1);
        TestSubscriber<Integer> download = download(source(3), 3, Long.MAX_VALUE);

        assertThat(probe.written()).isEqualTo(requests(1));

        receive(1);
        assertThat(download.getReceivedOnNext()).containsExactly(1);
        probe.unchoke();
        assertThat(probe.written()).isEqualTo(requests(2, 0));
    }

    @Test
    void pieceThatBecomesAllowedIsRequestedFromThoseThatWait() {
        withFast();
        unchoked(source(2), 2, Long.MAX_VALUE);
        probe.receiveChoke();
        probe.receiveReject(block(0));
        probe.receiveReject(block(1));
        probe.written();

        probe.advice.allow(1);
        probe.downloads.onPermissionsChanged();

        assertThat(probe.written()).isEqualTo(requests(1));
    }
}
