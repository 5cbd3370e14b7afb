/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.engine.EngineProbe.SELF;
import static org.peerwire.internal.engine.EngineProbe.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.PeerState;
import org.peerwire.RequestException;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** The end of a wire: in order, by the connection, during the start; and the parts that it closes. */
class EngineEndTest {
    private static final ConnectionException CAUSE =
            new ConnectionException(ConnectionException.Reason.IDLE, "nothing was received");

    private static <T> TestSubscriber<T> subscribe(Publisher<T> publisher) {
        TestSubscriber<T> subscriber = TestSubscriber.create();
        publisher.subscribe(subscriber);
        return subscriber;
    }

    private static ConnectionException.Reason reason(EngineProbe probe) {
        return ((ConnectionException) subscribe(probe.engine.closed()).expectTerminalError()).reason();
    }

    private static void assertOrderlyEnd(EngineProbe probe) {
        assertThat(subscribe(probe.engine.closed()).isTerminatedComplete()).isTrue();
        assertThat(probe.closes()).isEqualTo(1);
    }

    // ---- close in order ----

    @Test
    void closeInOrderWritesTheQueuedMessagesFirst() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.clog();
        TestSubscriber<Void> sender = subscribe(probe.wire.outbound().send(new Message.Have(1)));

        probe.engine.closeInOrder(false, 10_000);
        assertThat(probe.context.isEnded()).isFalse();
        probe.unclog();

        assertThat(probe.written()).containsExactly(new Message.Have(1));
        assertThat(sender.isTerminatedComplete()).isTrue();
        assertOrderlyEnd(probe);
    }

    @Test
    void closeInOrderOfAnEmptyQueueEndsAtOnce() {
        EngineProbe probe = EngineProbe.open(Features.NONE);

        probe.engine.closeInOrder(false, 10_000);

        assertOrderlyEnd(probe);
    }

    @Test
    void closeInOrderCutsAtItsDeadlineWhenThePeerDoesNotRead() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.clog();
        TestSubscriber<Void> sender = subscribe(probe.wire.outbound().send(new Message.Have(1)));
        probe.engine.closeInOrder(false, 7_000);

        probe.advance(Duration.ofMillis(6_999));
        assertThat(probe.context.isEnded()).isFalse();
        probe.advance(Duration.ofMillis(1));

        assertOrderlyEnd(probe);
        assertThat(sender.expectTerminalError()).isInstanceOf(ConnectionException.class);
    }

    @Test
    void secondCloseDoesNotDelayTheFirst() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.clog();
        probe.engine.closeInOrder(false, 7_000);
        probe.advance(Duration.ofSeconds(5));

        probe.engine.closeInOrder(false, 7_000);
        probe.advance(Duration.ofSeconds(2));

        assertOrderlyEnd(probe);
    }

    @Test
    void closeInOrderAfterTheEndChangesNothing() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.context.end(CAUSE);

        probe.engine.closeInOrder(false, 10_000);

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.IDLE);
        assertThat(probe.closes()).isEqualTo(1);
    }

    @Test
    void outputIsShutDownBeforeTheConnectionLingersForASecond() {
        EngineProbe probe = EngineProbe.openDuplex();

        probe.engine.closeInOrder(false, 10_000);
        assertThat(probe.isOutputShutDown()).isTrue();
        probe.advance(Duration.ofMillis(999));
        assertThat(probe.context.isEnded()).isFalse();
        probe.advance(Duration.ofMillis(1));

        assertOrderlyEnd(probe);
    }

    @Test
    void peerThatClosesDuringTheLingerEndsItInOrder() {
        EngineProbe probe = EngineProbe.openDuplex();
        probe.engine.closeInOrder(false, 10_000);

        probe.engine.onConnectionEnd(true, new IOException("Connection reset by peer"));

        assertOrderlyEnd(probe);
        probe.advance(Duration.ofSeconds(5));
        assertThat(probe.closes()).isEqualTo(1);
    }

    @Test
    void endDuringTheFlushOfACloseStartsNoLinger() {
        EngineProbe probe = EngineProbe.openDuplex();
        probe.hold();
        probe.engine.closeInOrder(false, 10_000);
        assertThat(probe.isOutputShutDown()).isFalse();

        probe.context.end(null);
        probe.channel.close(); // fails the flush, which the close has waited for

        assertThat(probe.isOutputShutDown()).isFalse();
        assertOrderlyEnd(probe);
    }

    // ---- the end of the connection ----

    @Test
    void peerThatClosesBetweenMessagesEndsTheWireInOrder() {
        EngineProbe probe = EngineProbe.open(Features.NONE);

        probe.engine.onConnectionEnd(false, null);

        assertOrderlyEnd(probe);
    }

    @Test
    void peerThatClosesInTheMiddleOfAMessageIsAnError() {
        EngineProbe probe = EngineProbe.open(Features.NONE);

        probe.engine.onConnectionEnd(true, null);

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.TRUNCATED);
    }

    @Test
    void failureOfTheConnectionIsNamedAlsoWithoutAMessage() {
        EngineProbe probe = EngineProbe.open(Features.NONE);

        probe.engine.onConnectionEnd(true, new IOException());

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.FAILED);
        assertThat(subscribe(probe.engine.closed()).expectTerminalError())
                .hasMessage("the connection failed: IOException")
                .hasCauseInstanceOf(IOException.class);
    }

    // ---- the parts ----

    @Test
    void endClosesEveryPart() {
        EngineProbe probe = EngineProbe.open(Features.of(Feature.EXTENSION_PROTOCOL));
        probe.receive(new Message.Unchoke());
        TestSubscriber<Message> inbound = subscribe(probe.wire.inbound());
        TestSubscriber<PeerState> states = subscribe(probe.wire.states());
        TestSubscriber<ExtendedHandshake> handshakes = subscribe(probe.wire.extendedHandshakes());
        TestSubscriber<Block> request = subscribe(probe.wire.blocks().request(block(1)));
        TestSubscriber<Block> download = subscribe(probe.wire.blocks().download(Flux.never()));
        TestSubscriber<Void> serving = subscribe(probe.wire.blocks().serve(any -> Mono.empty()));
        TestSubscriber<Void> closed = subscribe(probe.engine.closed());
        probe.clog();
        TestSubscriber<Void> sender = subscribe(probe.wire.outbound().send(new Message.Have(1)));

        probe.context.end(CAUSE);

        assertThat(inbound.expectTerminalError()).isSameAs(CAUSE);
        assertThat(closed.expectTerminalError()).isSameAs(CAUSE);
        assertThat(states.isTerminatedComplete()).isTrue();
        assertThat(handshakes.isTerminatedComplete()).isTrue();
        assertThat(serving.isTerminatedComplete()).isTrue();
        assertThat(((RequestException) request.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.CLOSED);
        assertThat(download.expectTerminalError())
                .isInstanceOf(ConnectionException.class)
                .hasCause(CAUSE);
        assertThat(sender.expectTerminalError())
                .isInstanceOf(ConnectionException.class)
                .hasCause(CAUSE);
        assertThat(probe.wire.state()).isEqualTo(PeerState.INITIAL);
        assertThat(probe.wire.isDisposed()).isTrue();
        assertThat(probe.closes()).isEqualTo(1);
        List.of(inbound, closed, states, handshakes, serving, request, download, sender)
                .forEach(each -> assertThat(each.getProtocolErrors()).isEmpty());
    }

    @Test
    void secondEndClosesNothingAgain() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        TestSubscriber<Void> closed = subscribe(probe.engine.closed());

        probe.context.end(null);
        probe.context.end(CAUSE);
        probe.engine.onConnectionEnd(true, null);
        probe.wire.dispose();

        assertThat(closed.isTerminatedComplete()).isTrue();
        assertThat(probe.closes()).isEqualTo(1);
    }

    @Test
    void partThatEndsTheWireAgainWhileItIsClosedIsClosedOnce() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.receive(new Message.Unchoke());
        probe.wire
                .blocks()
                .request(block(1))
                .doOnError(error -> probe.wire.dispose())
                .subscribe(block -> {}, error -> {});
        probe.wire.inbound().doOnComplete(probe.wire::dispose).subscribe();

        probe.wire.dispose();

        assertOrderlyEnd(probe);
    }

    @Test
    void callsOfSubscribersThatAreClosedAreRefused() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.receive(new Message.Unchoke());
        ByteBuf data = Unpooled.buffer().writeZero(100);
        TestSubscriber<Void> late = TestSubscriber.create();
        probe.wire
                .inbound()
                .doOnComplete(() -> probe.wire
                        .outbound()
                        .send(new Message.Piece(1, 0, data))
                        .subscribe(late))
                .subscribe();

        probe.wire.dispose();

        assertThat(late.expectTerminalError()).isInstanceOf(ConnectionException.class);
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void noTickFollowsTheEnd() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.idleTimeout(Duration.ofSeconds(3)));
        probe.context.end(null);

        probe.advance(Duration.ofMinutes(10));

        assertOrderlyEnd(probe);
        assertThat(probe.written()).isEmpty();
    }

    // ---- an end during the start ----

    @Test
    void writeThatFailsDuringTheStartEndsTheWireOnce() {
        EngineProbe probe = new EngineProbe(SELF, Features.of(Feature.EXTENSION_PROTOCOL));
        probe.failWrites();

        probe.start();

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.FAILED);
        assertThat(probe.closes()).isEqualTo(1);
        assertThat(probe.clock.getScheduledTaskCount()).as("timers").isZero();
    }

    @Test
    void startAfterTheEndClosesAtOnceAndStartsNoTimer() {
        EngineProbe probe = new EngineProbe(SELF, Features.of(Feature.EXTENSION_PROTOCOL));
        probe.context.end(CAUSE);

        probe.start();

        assertThat(subscribe(probe.engine.closed()).expectTerminalError()).isSameAs(CAUSE);
        assertThat(probe.closes()).isEqualTo(1);
        assertThat(probe.written()).isEmpty();
        assertThat(probe.clock.getScheduledTaskCount()).as("timers").isZero();
    }

    @Test
    void handlerThatThrowsAtTheEndDoesNotKeepTheConnectionOpen() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.receive(new Message.Unchoke());
        TestSubscriber<Message> inbound = subscribe(probe.wire.inbound());
        probe.wire.blocks().request(block(1)).subscribe(block -> {}, error -> {
            throw new IllegalStateException("a bug of the user");
        });

        try {
            probe.wire.dispose();
        } catch (IllegalStateException reported) {
            assertThat(reported).hasMessage("a bug of the user");
        }

        assertThat(inbound.isTerminatedComplete()).isTrue();
        assertOrderlyEnd(probe);
    }
}
