/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.LENGTH;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.rejects;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.BlockSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Sources that refuse, fail, are late, or end the wire or the serving while they are asked. */
class UploadSourceTest {
    private final ExchangeProbe probe = new ExchangeProbe(true, options -> options.allowedFastPieces(0));
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final AtomicInteger subscriptions = new AtomicInteger();

    /** The forms of an answer: at once, with a delay, or none. */
    private enum Answer {
        VALUE,
        DEFERRED,
        EMPTY,
        ERROR,
        THROW
    }

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private TestSubscriber<Void> serve(BlockSource source) {
        TestSubscriber<Void> serving = TestSubscriber.create();
        probe.blocks.serve(source).subscribe(serving);
        return serving;
    }

    private void request(int... pieces) {
        probe.queue.batch(() -> {
            for (int piece : pieces) {
                probe.uploads.onRequest(block(piece), false, true);
            }
        });
    }

    private ByteBuf data(int length) {
        ByteBuf data = probe.data(length);
        buffers.add(data);
        return data;
    }

    private Mono<ByteBuf> answer(Answer form) {
        return switch (form) {
            case VALUE -> Mono.just(data(LENGTH));
            case DEFERRED -> Mono.fromSupplier(() -> data(LENGTH)).doOnSubscribe(s -> subscriptions.incrementAndGet());
            case EMPTY -> Mono.empty();
            case ERROR -> Mono.error(new IllegalStateException("no disk"));
            case THROW -> throw new IllegalStateException("no disk");
        };
    }

    // ---- refusals and failures ----

    @Test
    void emptyAnswerRejectsTheRequest() {
        TestSubscriber<Void> serving = serve(request -> Mono.empty());

        request(1, 2);

        assertThat(probe.written()).isEqualTo(rejects(1, 2));
        assertThat(serving.isTerminated()).isFalse();
    }

    @Test
    void lateEmptyAnswerRejectsTheRequest() {
        serve(request -> Mono.<ByteBuf>empty().hide());

        request(1);

        assertThat(probe.written()).isEqualTo(rejects(1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Answer.class,
            names = {"ERROR", "THROW"})
    void failureOfTheSourceEndsTheServingAndRejectsTheRequests(Answer form) {
        TestSubscriber<Void> serving = serve(request -> answer(form));

        request(1, 2);

        assertThat(serving.expectTerminalError()).hasMessage("no disk");
        assertThat(probe.written()).isEqualTo(rejects(1, 2));
        assertThat(probe.context.isEnded()).isFalse();
    }

    @Test
    void lateFailureOfTheSourceEndsTheServing() {
        Sinks.One<ByteBuf> read = Sinks.one();
        TestSubscriber<Void> serving = serve(request -> read.asMono());
        request(1, 2);

        read.tryEmitError(new IllegalStateException("no disk"));

        assertThat(serving.expectTerminalError()).hasMessage("no disk");
        assertThat(probe.written()).isEqualTo(rejects(1, 2));
    }

    @Test
    void errorOfTheSourceReachesTheServingUnchanged() {
        AssertionError thrown = new AssertionError("a bug of the source");
        TestSubscriber<Void> serving = serve(request -> {
            throw thrown;
        });

        request(1);

        assertThat(serving.expectTerminalError()).isSameAs(thrown);
    }

    @Test
    void missingAnswerEndsTheServing() {
        TestSubscriber<Void> serving = serve(request -> nothing());

        request(1);

        assertThat(serving.expectTerminalError()).isInstanceOf(NullPointerException.class);
        assertThat(probe.written()).isEqualTo(rejects(1));
    }

    /** The mistakes of a source. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Mono<ByteBuf> nothing() {
        return null;
    }

    @ParameterizedTest
    @EnumSource(
            value = Answer.class,
            names = {"VALUE", "DEFERRED"})
    void blockOfAnotherLengthIsReleasedAndEndsTheServing(Answer form) {
        Supplier<Mono<ByteBuf>> shorter = () -> Mono.just(data(LENGTH - 1));
        TestSubscriber<Void> serving = serve(
                request -> form == Answer.VALUE ? shorter.get() : shorter.get().hide());

        request(1);

        assertThat(serving.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        assertThat(probe.written()).isEqualTo(rejects(1));
    }

    // ---- late data ----

    @Test
    void dataAfterTheCancelOfThePeerIsReleased() {
        TestPublisher<ByteBuf> rude = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        serve(request -> Mono.fromDirect(rude));
        request(1);
        probe.uploads.onCancel(block(1));

        rude.next(data(LENGTH));

        assertThat(buffers.get(0).refCnt()).isZero();
        assertThat(probe.written()).isEqualTo(rejects(1));
    }

    @Test
    void dataThatTheEndOvertakesOnItsWayToTheLoopIsReleased() {
        Sinks.One<ByteBuf> read = Sinks.one();
        TestSubscriber<Void> serving = serve(request -> read.asMono());
        request(1);
        probe.loop.elsewhere(() -> read.tryEmitValue(data(LENGTH)));

        probe.context.end(null);
        probe.loop.runTasks();

        assertThat(buffers.get(0).refCnt()).isZero();
        assertThat(serving.isTerminatedComplete()).isTrue();
    }

    @Test
    void endOfAReadOnTheLoopDoesNotOvertakeItsData() {
        TestPublisher<ByteBuf> read = TestPublisher.create();
        serve(request -> Mono.fromDirect(read));
        request(1);

        probe.loop.elsewhere(() -> read.next(data(LENGTH)));
        read.complete();
        probe.loop.runTasks();

        assertThat(probe.written()).hasSize(1).isNotEqualTo(rejects(1));
    }

    @Test
    void answerToAnEarlierRequestForTheSameBlockIsNotTakenForTheLater() {
        List<Sinks.One<ByteBuf>> reads = new ArrayList<>();
        serve(request -> {
            reads.add(Sinks.one());
            return reads.get(reads.size() - 1).asMono();
        });
        request(1);
        probe.loop.elsewhere(() -> reads.get(0).tryEmitValue(data(LENGTH)));
        probe.uploads.onCancel(block(1));
        request(1);
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(rejects(1));
        assertThat(buffers.get(0).refCnt()).isZero();
        reads.get(1).tryEmitValue(data(LENGTH));
        assertThat(probe.written()).hasSize(1);
    }

    // ---- the end and the end of serving ----

    @Test
    void endCompletesTheServingAndStopsItsReads() {
        TestPublisher<ByteBuf> read = TestPublisher.create();
        TestSubscriber<Void> serving = serve(request -> read.mono());
        request(1, 2);

        probe.context.end(null);

        assertThat(serving.isTerminatedComplete()).isTrue();
        read.assertCancelled();
        assertThat(probe.written()).as("no reject after the end").isEmpty();
    }

    @Test
    void endReleasesBlocksThatHaveBeenRead() {
        Sinks.One<ByteBuf> read = Sinks.one();
        serve(request -> read.asMono());
        request(1);
        probe.clog();
        read.tryEmitValue(data(LENGTH));
        assertThat(buffers.get(0).refCnt()).isEqualTo(1);

        probe.context.end(null);

        assertThat(buffers.get(0).refCnt()).isZero();
    }

    @Test
    void servingAfterTheEndCompletesWithoutARead() {
        probe.context.end(null);
        probe.uploads.onRequest(block(1), false, true);

        TestSubscriber<Void> serving = serve(request -> answer(Answer.VALUE));

        assertThat(serving.isTerminatedComplete()).isTrue();
        assertThat(buffers).isEmpty();
        probe.uploads.close();
    }

    @Test
    void cancellationStopsServingAndRejectsTheRequests() {
        TestPublisher<ByteBuf> read = TestPublisher.create();
        TestSubscriber<Void> serving = serve(request -> read.mono());
        request(1, 2);

        serving.cancel();

        read.assertCancelled();
        assertThat(probe.written()).isEqualTo(rejects(1, 2));
        assertThat(serve(request -> Mono.empty()).isTerminated())
                .as("another may serve")
                .isFalse();
    }

    @Test
    void servingThatIsCancelledBeforeTheLoopStartsItNeverReads() {
        request(1);
        TestSubscriber<Void> serving = TestSubscriber.create();
        probe.loop.elsewhere(() -> {
            probe.blocks.serve(request -> answer(Answer.VALUE)).subscribe(serving);
            serving.cancel();
        });

        probe.loop.runTasks();

        assertThat(buffers).isEmpty();
        assertThat(serve(request -> Mono.empty()).isTerminated())
                .as("another may serve")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void sourceThatEndsTheWireWhileItIsAskedLeavesNothing(Answer form) {
        TestSubscriber<Void> serving = serve(request -> {
            probe.context.end(null);
            return answer(form);
        });

        request(1, 2);

        assertThat(serving.isTerminatedComplete()).isTrue();
        assertThat(subscriptions).as("no read begins after the end").hasValue(0);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        assertThat(probe.written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void sourceThatStopsTheServingWhileItIsAskedLeavesOneRejectForEach(Answer form) {
        List<TestSubscriber<Void>> serving = new ArrayList<>();
        serving.add(TestSubscriber.create());
        AtomicInteger asked = new AtomicInteger();
        probe.blocks
                .serve(request -> {
                    asked.incrementAndGet();
                    serving.get(0).cancel();
                    return answer(form);
                })
                .subscribe(serving.get(0));

        request(1, 2);

        assertThat(asked).hasValue(1);
        assertThat(subscriptions).hasValue(0);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        assertThat(probe.written()).containsExactlyInAnyOrderElementsOf(rejects(1, 2));
        assertThat(serving.get(0).isTerminated()).isFalse();
    }

    @Test
    void readThatEndsTheWireWhenItIsSubscribedToIsCancelled() {
        TestPublisher<ByteBuf> read = TestPublisher.create();
        TestSubscriber<Void> serving =
                serve(request -> read.mono().doOnSubscribe(subscription -> probe.context.end(null)));

        request(1);

        read.assertCancelled();
        assertThat(serving.isTerminatedComplete()).isTrue();
    }
}
