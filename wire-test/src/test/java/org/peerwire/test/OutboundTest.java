/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.clog;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.unclog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.MessageSink;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.publisher.TestPublisher;

class OutboundTest {

    private static List<Message> haves(int from, int to) {
        return IntStream.range(from, to).<Message>mapToObj(Message.Have::new).toList();
    }

    private static ByteBuf pooled() {
        return PooledByteBufAllocator.DEFAULT.buffer(BLOCK).writeZero(BLOCK);
    }

    private static Message.Piece piece(ByteBuf data) {
        return new Message.Piece(0, 0, data);
    }

    private static ConnectionException.Reason failure(Recorder<?> recorder) {
        return ((ConnectionException) recorder.error()).reason();
    }

    @Test
    void messagesLeaveInTheirOrder() {
        ScriptedPeer peer = peer(PLAIN);
        MessageSink out = peer.wire().outbound();

        out.tryEmit(new Message.Have(0));
        out.send(new Message.Have(1)).subscribe();
        out.send(Flux.just(new Message.Have(2), new Message.Have(3))).subscribe();
        out.tryEmit(new Message.Have(4));

        assertThat(peer.received()).containsExactlyElementsOf(haves(0, 5));
        peer.dispose();
    }

    @Test
    void theOrderHoldsWhenTheSocketTakesNothingForAWhile() {
        ScriptedPeer peer = clog(peer(PLAIN));
        MessageSink out = peer.wire().outbound();
        for (int i = 0; i < 100; i += 2) {
            out.tryEmit(new Message.Have(i));
            out.send(new Message.Have(i + 1)).subscribe();
        }

        assertThat(unclog(peer)).containsExactlyElementsOf(haves(0, 100));
        peer.dispose();
    }

    @Test
    void sendDoesNothingBeforeItIsSubscribedTo() {
        ScriptedPeer peer = peer(PLAIN);

        Mono<Void> send = peer.wire().outbound().send(new Message.Have(1));
        peer.expectNothing();
        send.subscribe();
        peer.expect(new Message.Have(1));
        send.subscribe();

        peer.expect(new Message.Have(1)).dispose();
    }

    @Test
    void sendCompletesWhenTheSocketHasTheBytes() {
        ScriptedPeer peer = clog(peer(PLAIN));
        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(new Message.Have(1)));
        assertThat(sent.hasEnded()).isFalse();

        unclog(peer);

        assertThat(sent.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void aMessageThatIsLeftOutCompletesToo() {
        ScriptedPeer peer = peer(PLAIN);

        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(new Message.Choke()));

        assertThat(sent.hasCompleted()).isTrue();
        peer.expectNothing().dispose();
    }

    @Test
    void aQueueThatIsFullRefuses() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.outboundQueue(50));
        MessageSink out = peer.wire().outbound();
        clog(peer);
        int accepted = 0;
        while (out.tryEmit(new Message.Have(accepted)) == EmitResult.OK) {
            accepted++;
        }
        assertThat(accepted).isBetween(10, 50);

        assertThat(out.tryEmit(new Message.Have(9))).isEqualTo(EmitResult.FAIL_OVERFLOW);
        assertThat(failure(Recorder.of(out.send(new Message.Have(9))))).isEqualTo(ConnectionException.Reason.OVERFLOW);
        assertThat(unclog(peer)).containsExactlyElementsOf(haves(0, accepted));
        assertThat(out.tryEmit(new Message.Have(7))).isEqualTo(EmitResult.OK);
        peer.expect(new Message.Have(7)).expectNothing();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // contract 8
    @Test
    void aMessageIsReleasedOnceWhateverBecomesOfIt() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.outboundQueue(50));
        MessageSink out = peer.wire().outbound();
        ByteBuf written = pooled();
        assertThat(out.tryEmit(piece(written))).isEqualTo(EmitResult.OK);
        assertThat(written.refCnt()).isZero();

        clog(peer);
        ByteBuf dropped = pooled();
        assertThat(out.tryEmit(piece(dropped))).isEqualTo(EmitResult.OK);
        ByteBuf droppedToo = pooled();
        Recorder<Void> waiting = Recorder.of(out.send(piece(droppedToo)));
        while (out.tryEmit(new Message.Have(1)) == EmitResult.OK) {
            assertThat(dropped.refCnt()).isEqualTo(1);
        }
        ByteBuf over = pooled();
        assertThat(out.tryEmit(piece(over))).isEqualTo(EmitResult.FAIL_OVERFLOW);
        assertThat(over.refCnt()).isZero();
        ByteBuf overToo = pooled();
        Recorder.of(out.send(piece(overToo)));
        assertThat(overToo.refCnt()).isZero();

        peer.dispose();
        assertThat(dropped.refCnt()).isZero();
        assertThat(droppedToo.refCnt()).isZero();
        assertThat(failure(waiting)).isEqualTo(ConnectionException.Reason.CLOSED);
    }

    // contract 8
    @Test
    void aMessageThatIsNotNegotiatedIsReleased() {
        ScriptedPeer peer = peer(PLAIN);
        ByteBuf first = pooled();
        ByteBuf second = pooled();
        ByteBuf third = pooled();
        MessageSink out = peer.wire().outbound();

        assertThatIllegalStateException().isThrownBy(() -> out.tryEmit(new Message.Extended(1, first)));
        Recorder<Void> sent = Recorder.of(out.send(new Message.Extended(1, second)));
        Recorder<Void> flux = Recorder.of(out.send(Flux.just(new Message.Extended(1, third))));

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        assertThat(third.refCnt()).isZero();
        assertThat(sent.error()).isInstanceOf(IllegalStateException.class);
        assertThat(flux.error()).isInstanceOf(IllegalStateException.class);
        peer.expectNothing().dispose();
    }

    // contract 8
    @Test
    void afterTheEndEverythingIsRefusedAndReleased() {
        ScriptedPeer peer = peer(FAST);
        MessageSink out = peer.wire().outbound();
        peer.wire().dispose();
        ByteBuf emitted = pooled();
        ByteBuf sent = pooled();

        assertThat(out.tryEmit(piece(emitted))).isEqualTo(EmitResult.FAIL_TERMINATED);
        Recorder<Void> refused = Recorder.of(out.send(piece(sent)));
        TestPublisher<Message> source = TestPublisher.create();
        Recorder<Void> flux = Recorder.of(out.send(source));

        assertThat(emitted.refCnt()).isZero();
        assertThat(sent.refCnt()).isZero();
        assertThat(failure(refused)).isEqualTo(ConnectionException.Reason.CLOSED);
        assertThat(failure(flux)).isEqualTo(ConnectionException.Reason.CLOSED);
        source.assertCancelled();
    }

    @Test
    void aSourceIsPulledOnlyWhileTheSocketTakesData() {
        ScriptedPeer peer = peer(PLAIN);
        AtomicLong produced = new AtomicLong();
        Flux<Message> pieces = Flux.<Message>generate(sink -> {
                    produced.incrementAndGet();
                    sink.next(Fixture.answer(block(0, 0)));
                })
                .take(1_000);
        peer.stopReading();
        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(pieces));

        assertThat(produced.get()).isBetween(1L, 40L);
        long before = produced.get();
        peer.advance(Duration.ofSeconds(30));
        assertThat(produced.get()).isEqualTo(before);
        assertThat(sent.hasEnded()).isFalse();
        peer.startReading();

        assertThat(peer.received()).hasSize(1_000);
        assertThat(sent.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void twoSourcesTakeTurns() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Void> first = Recorder.of(peer.wire().outbound().send(Flux.fromIterable(haves(0, 100))));
        Recorder<Void> second = Recorder.of(peer.wire().outbound().send(Flux.fromIterable(haves(100, 200))));

        assertThat(first.hasCompleted()).isTrue();
        assertThat(second.hasCompleted()).isTrue();
        assertThat(peer.received()).containsExactlyInAnyOrderElementsOf(haves(0, 200));
        peer.dispose();
    }

    @Test
    void anErrorOfASourceIsPassedOnAndLeavesTheWireOpen() {
        ScriptedPeer peer = peer(PLAIN);
        IllegalStateException mine = new IllegalStateException();
        Flux<Message> broken = Flux.concat(Mono.just(new Message.Have(1)), Mono.error(mine));

        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(broken));

        assertThat(sent.error()).isSameAs(mine);
        peer.expect(new Message.Have(1)).expectNothing();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void cancellingASendCancelsItsSource() {
        ScriptedPeer peer = peer(PLAIN);
        TestPublisher<Message> source = TestPublisher.create();
        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(source));
        source.next(new Message.Have(1));

        sent.cancel();

        source.assertCancelled();
        peer.expect(new Message.Have(1)).expectNothing().dispose();
    }

    @Test
    void theEndOfTheWireCancelsASourceAndReleasesWhatItStillEmits() {
        ScriptedPeer peer = peer(PLAIN);
        TestPublisher<Message> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(source));
        peer.close();
        ByteBuf late = pooled();

        source.next(piece(late));

        assertThat(failure(sent)).isEqualTo(ConnectionException.Reason.CLOSED);
        source.assertCancelled();
        if (late.refCnt() > 0) {
            late.release(); // the publisher has not emitted it
        }
    }

    @Test
    void closeWritesWhatIsQueuedFirst() {
        ScriptedPeer peer = clog(peer(PLAIN));
        for (int i = 0; i < 50; i++) {
            peer.wire().outbound().tryEmit(new Message.Have(i));
        }
        Recorder<Void> closed = Recorder.of(peer.wire().close());
        assertThat(peer.isClosed()).isFalse();
        assertThat(closed.hasEnded()).isFalse();

        assertThat(unclog(peer)).containsExactlyElementsOf(haves(0, 50));
        assertThat(peer.isClosed()).isTrue();
        assertThat(closed.hasCompleted()).isTrue();
    }

    @Test
    void closeDoesNotWaitForEverForAPeerThatDoesNotRead() {
        ScriptedPeer peer = clog(peer(PLAIN));
        Recorder<Void> sent = Recorder.of(peer.wire().outbound().send(new Message.Have(1)));
        Recorder<Void> closed = Recorder.of(peer.wire().close());

        peer.advance(Duration.ofSeconds(9));
        assertThat(closed.hasEnded()).isFalse();
        peer.advance(Duration.ofSeconds(2));

        assertThat(closed.hasCompleted()).isTrue();
        assertThat(failure(sent)).isEqualTo(ConnectionException.Reason.CLOSED);
        assertThat(Fixture.end(peer.wire())).isNull();
        peer.dispose();
    }

    @Test
    void closeDoesNothingBeforeItIsSubscribedToAndMayBeCalledTwice() {
        ScriptedPeer peer = peer(PLAIN);
        Mono<Void> close = peer.wire().close();
        assertThat(peer.isClosed()).isFalse();

        assertThat(Recorder.of(close).hasCompleted()).isTrue();
        assertThat(Recorder.of(close).hasCompleted()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void aMessageSentDuringAStateSignalIsWrittenAfterTheChange() {
        ScriptedPeer peer = peer(PLAIN);
        List<Boolean> interested = new ArrayList<>();
        peer.wire().states().skip(1).subscribe(state -> {
            interested.add(state.amInterested());
            peer.wire().outbound().tryEmit(new Message.Have(1));
        });

        peer.wire().outbound().tryEmit(new Message.Interested());

        assertThat(peer.received()).containsExactly(new Message.Interested(), new Message.Have(1));
        assertThat(interested).containsExactly(true);
        peer.dispose();
    }
}
