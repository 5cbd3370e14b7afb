/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.LENGTH;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.rejects;

import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.BlockSource;
import org.peerwire.Ignored;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

/** Requests of the peer: which are taken, in which order they are answered, and which leave without a block. */
class UploadQueueTest {
    private static final boolean CHOKING = true;
    private static final boolean VALID = true;

    private ExchangeProbe probe = new ExchangeProbe(true, options -> options.allowedFastPieces(0));
    private final List<BlockRequest> asked = new ArrayList<>();
    private final Sinks.One<ByteBuf> read = Sinks.one();
    private boolean cancelled;

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private TestSubscriber<Void> serve(BlockSource source) {
        TestSubscriber<Void> serving = TestSubscriber.create();
        probe.blocks
                .serve(request -> {
                    asked.add(request);
                    return source.read(request);
                })
                .subscribe(serving);
        return serving;
    }

    private TestSubscriber<Void> serveFromMemory() {
        return serve(request -> Mono.just(probe.data(request.length())));
    }

    /** Serves blocks that the test supplies later. */
    private TestSubscriber<Void> serveSlowly() {
        return serve(request -> read.asMono().doOnCancel(() -> cancelled = true));
    }

    private void request(int... pieces) {
        probe.queue.batch(() -> {
            for (int piece : pieces) {
                probe.uploads.onRequest(block(piece), !CHOKING, VALID);
            }
        });
    }

    private List<Integer> blocksWritten() {
        return probe.written().stream()
                .filter(message -> message.type() == MessageType.PIECE)
                .map(message -> ((Message.Piece) message).piece())
                .toList();
    }

    // ---- serving ----

    @Test
    void requestsAreAnsweredInTheirOrder() {
        serveFromMemory();

        request(3, 1, 2);

        assertThat(blocksWritten()).containsExactly(3, 1, 2);
        assertThat(probe.stats().uploadsQueued()).isZero();
        assertThat(probe.stats().uploadBytesHeld()).isZero();
    }

    @Test
    void requestsWaitForTheSource() {
        request(1, 2);
        assertThat(probe.stats().uploadsQueued()).isEqualTo(2);

        serveFromMemory();

        assertThat(blocksWritten()).containsExactly(1, 2);
    }

    @Test
    void nothingIsReadWhileTheSocketTakesNoData() {
        probe.clog();
        serveFromMemory();

        request(1);
        assertThat(asked).isEmpty();

        probe.unclog();
        assertThat(blocksWritten()).containsExactly(1);
    }

    @Test
    void readsHoldNoMoreThanTheSocketHasRoomFor() {
        probe = new ExchangeProbe(
                true, options -> options.allowedFastPieces(0).limits(limits -> limits.maxBlockLength(LENGTH)));
        probe.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1_000));
        int fitting = (int) (probe.queue.room() / LENGTH);
        serveSlowly();

        request(IntStream.range(0, 2 * fitting).toArray());

        assertThat(fitting).isGreaterThan(1);
        assertThat(asked).hasSize(fitting);
        assertThat(probe.stats().uploadBytesHeld()).isEqualTo((long) fitting * LENGTH);
        assertThat(probe.stats().uploadsQueued()).isEqualTo(2L * fitting);
    }

    @Test
    void slowReadIsWrittenWhenItCompletes() {
        serveSlowly();
        request(1);
        assertThat(probe.stats().uploadsQueued()).isEqualTo(1);
        assertThat(probe.stats().uploadBytesHeld()).isEqualTo(LENGTH);

        probe.loop.elsewhere(() -> read.tryEmitValue(probe.data(LENGTH)));
        assertThat(blocksWritten()).isEmpty();
        probe.loop.runTasks();

        assertThat(blocksWritten()).containsExactly(1);
        assertThat(probe.stats().uploadBytesHeld()).isZero();
    }

    @Test
    void secondServeIsRefusedAndTheFirstGoesOn() {
        TestSubscriber<Void> first = serveFromMemory();

        TestSubscriber<Void> second = serve(request -> Mono.empty());
        request(1);

        assertThat(second.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        assertThat(first.isTerminated()).isFalse();
        assertThat(blocksWritten()).containsExactly(1);
    }

    @Test
    void allowedFastSetIsAnnouncedOnce() {
        probe = new ExchangeProbe(true, options -> options.allowedFastPieces(4));

        serveFromMemory().cancel();
        serveFromMemory();
        probe.uploads.onTorrentKnown();

        assertThat(probe.written()).hasSize(4).allMatch(message -> message instanceof Message.AllowedFast);
    }

    @Test
    void allowedFastSetIsNotAnnouncedWithoutFastOrWithoutServing() {
        probe.uploads.onTorrentKnown();
        assertThat(probe.written()).isEmpty();

        probe = new ExchangeProbe(false, options -> options.allowedFastPieces(4));
        serveFromMemory();
        assertThat(probe.written()).isEmpty();
    }

    // ---- requests that are refused ----

    private void assertRefused(Ignored kind, Runnable request) {
        probe.written();

        request.run();

        assertThat(probe.ignored(kind)).isEqualTo(1);
        assertThat(probe.written()).isEqualTo(rejects(9));
    }

    @Test
    void requestsThatBreakARuleAreRejectedAndCounted() {
        assertRefused(Ignored.INVALID_REQUEST, () -> probe.uploads.onRequest(block(9), !CHOKING, !VALID));
        assertRefused(Ignored.CHOKED_REQUEST, () -> probe.uploads.onRequest(block(9), CHOKING, VALID));
        request(9);
        assertRefused(Ignored.REPEATED_REQUEST, () -> request(9));
    }

    @Test
    void requestOverTheQueueIsRejected() {
        probe = new ExchangeProbe(
                true, options -> options.allowedFastPieces(0).limits(limits -> limits.maxQueuedUploads(2)));
        request(1, 2);

        assertRefused(Ignored.EXCESS_REQUEST, () -> request(9));
    }

    @Test
    void requestThatIsReadNowIsRepeatedToo() {
        serveSlowly();
        request(9);

        assertRefused(Ignored.REPEATED_REQUEST, () -> request(9));
    }

    @Test
    void refusedRequestIsDroppedWithoutFast() {
        probe = new ExchangeProbe(false);

        probe.uploads.onRequest(block(9), CHOKING, VALID);

        assertThat(probe.ignored(Ignored.CHOKED_REQUEST)).isEqualTo(1);
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void requestForAnAllowedPieceIsTakenWhileWeChokeUpToItsShare() {
        probe = new ExchangeProbe(
                true, options -> options.allowedFastPieces(0).limits(limits -> limits.maxFastServes(1)));
        probe.allowance.allow(9);
        serveFromMemory();

        // a piece of 200 bytes and blocks of 100 bytes
        for (int i = 0; i < 3; i++) {
            probe.uploads.onRequest(block(9), CHOKING, VALID);
            probe.queue.drain();
        }

        assertThat(blocksWritten()).containsExactly(9, 9);
        assertThat(probe.ignored(Ignored.CHOKED_REQUEST)).isEqualTo(1);
    }

    @Test
    void requestThatCrossedOurChokeIsRejectedWithoutBlame() {
        probe.allowance.allow(8);
        serveFromMemory();

        probe.uploads.onCrossedChoke(block(9));
        probe.uploads.onCrossedChoke(block(8));
        probe.queue.drain();

        List<Message> written = probe.written();
        assertThat(written).startsWith(new Message.RejectRequest(block(9))).hasSize(2);
        assertThat(probe.stats().ignored()).isEmpty();
    }

    // ---- cancels, chokes, lost pieces ----

    @Test
    void cancelOfAWaitingRequestIsAnsweredWithAReject() {
        request(1, 2);

        probe.uploads.onCancel(block(1));
        serveFromMemory();

        assertThat(probe.written()).startsWith(rejects(1).get(0)).hasSize(2);
        assertThat(asked).containsExactly(block(2));
    }

    @Test
    void cancelStopsARead() {
        serveSlowly();
        request(1);

        probe.uploads.onCancel(block(1));

        assertThat(cancelled).isTrue();
        assertThat(probe.written()).isEqualTo(rejects(1));
        assertThat(probe.stats().uploadBytesHeld()).isZero();
    }

    @Test
    void cancelDropsABlockThatHasBeenRead() {
        serveSlowly();
        request(1);
        probe.clog();
        ByteBuf data = probe.data(LENGTH);
        read.tryEmitValue(data);

        probe.uploads.onCancel(block(1));

        assertThat(data.refCnt()).isZero();
        probe.unclog();
        assertThat(probe.written()).isEqualTo(rejects(1));
    }

    @Test
    void cancelOfAnUnknownRequestIsCounted() {
        probe.uploads.onCancel(block(1));

        assertThat(probe.ignored(Ignored.UNKNOWN_CANCEL)).isEqualTo(1);
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void ourChokeDropsAllButAllowedRequests() {
        probe.allowance.allow(2);
        request(1, 2, 3);

        probe.uploads.onOurChoke();
        serveFromMemory();

        assertThat(probe.written())
                .startsWith(rejects(1, 3).toArray(Message[]::new))
                .hasSize(3);
        assertThat(asked).containsExactly(block(2));
    }

    @Test
    void ourChokeDropsSilentlyWithoutFast() {
        probe = new ExchangeProbe(false);
        request(1, 2);

        probe.uploads.onOurChoke();

        assertThat(probe.written()).isEmpty();
        assertThat(probe.stats().uploadsQueued()).isZero();
    }

    @Test
    void lostPieceIsNotServedAnyMore() {
        request(1, 2);

        probe.uploads.onOurDontHave(1);
        serveFromMemory();

        assertThat(asked).containsExactly(block(2));
        assertThat(probe.written()).startsWith(rejects(1).get(0));
    }

    @Test
    void requestThatTheUserHasAnsweredIsForgottenWithoutAReject() {
        request(1);

        probe.uploads.onAnsweredByUser(block(1));
        serveFromMemory();

        assertThat(asked).isEmpty();
        assertThat(probe.written()).isEmpty();
    }
}
