/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.end;
import static org.peerwire.test.Fixture.peer;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LifecycleTest {
    private static final LocalPeer EXTENDED = SELF.withExtension(Extension.named("ut_test"));

    /** The ways a wire can end, each with its error. */
    enum End {
        CLOSE(null, peer -> peer.wire().close().subscribe()),
        DISPOSE(null, peer -> peer.wire().dispose()),
        FIN(null, ScriptedPeer::close),
        RESET(ConnectionException.class, ScriptedPeer::reset),
        TRUNCATED(ConnectionException.class, peer -> peer.sendHex("00000005 04 00")
                .close()),
        VIOLATION(ProtocolException.class, peer -> peer.send(new Message.Have(PIECES))),
        MALFORMED(ProtocolException.class, peer -> peer.sendHex("ffffffff")),
        IDLE(ConnectionException.class, peer -> peer.advance(Duration.ofSeconds(152)));

        final @Nullable Class<? extends WireException> failure;
        final Consumer<ScriptedPeer> how;

        End(@Nullable Class<? extends WireException> failure, Consumer<ScriptedPeer> how) {
            this.failure = failure;
            this.how = how;
        }
    }

    /** Subscribes to every publisher of a wire. */
    private static List<Recorder<?>> everything(Wire wire) {
        List<Recorder<?>> all = new ArrayList<>();
        all.add(Recorder.of(wire.inbound()));
        all.add(Recorder.of(wire.inbound(), 0));
        all.add(Recorder.of(wire.states()));
        all.add(Recorder.of(wire.extendedHandshake()));
        all.add(Recorder.of(wire.extendedHandshakes()));
        all.add(Recorder.of(wire.extension("ut_test").inbound()));
        all.add(Recorder.of(wire.blocks().request(block(5, 0))));
        all.add(Recorder.of(wire.blocks().download(Flux.fromIterable(blocks(3)))));
        all.add(Recorder.of(wire.blocks().download(Flux.never())));
        all.add(Recorder.of(wire.blocks().serve(block -> Mono.<ByteBuf>never())));
        all.add(Recorder.of(wire.outbound().send(Flux.never())));
        all.add(Recorder.of(wire.onClose()));
        return all;
    }

    private static ConnectionException.Reason reason(@Nullable Throwable error) {
        return ((ConnectionException) error).reason();
    }

    // contract 10
    @ParameterizedTest
    @EnumSource(End.class)
    void theEndOfTheWireEndsEveryPublisher(End end) {
        ScriptedPeer peer = peer(EXTENDED, Features.DEFAULT).send(new Message.Unchoke());
        Wire wire = peer.wire();
        List<Recorder<?>> all = everything(wire);
        assertThat(all).noneMatch(Recorder::hasEnded);
        peer.send(Fixture.request(block(0, 0)));

        end.how.accept(peer);
        all.get(1).request(10); // one message waits in the queue

        assertThat(all).allMatch(Recorder::hasEnded);
        assertThat(wire.isDisposed()).isTrue();
        assertThat(peer.isClosed()).isTrue();
        assertThat(wire.stats().requestsOutstanding()).isZero();
        assertThat(wire.stats().uploadsQueued()).isZero();
        assertThat(wire.stats().uploadBytesHeld()).isZero();
        if (end.failure == null) {
            assertThat(end(wire)).isNull();
            assertThat(all.get(0).hasCompleted()).isTrue();
        } else {
            assertThat(end(wire)).isInstanceOf(end.failure).isSameAs(all.get(0).error());
            assertThat(end(wire).getStackTrace()).isEmpty();
        }
    }

    // contract 10
    @ParameterizedTest
    @EnumSource(End.class)
    void whatIsSubscribedToAfterTheEndEndsAtOnce(End end) {
        ScriptedPeer peer = peer(EXTENDED, Features.DEFAULT);
        end.how.accept(peer);

        List<Recorder<?>> all = everything(peer.wire());
        all.add(Recorder.of(peer.wire().close()));
        all.add(Recorder.of(peer.wire().outbound().send(new Message.Have(1))));
        all.add(Recorder.of(peer.wire().dontHave(1)));
        all.add(Recorder.of(peer.wire().readvertise(handshake -> handshake)));
        all.add(Recorder.of(peer.wire().shape(Fixture.SHAPE)));

        assertThat(all).allMatch(Recorder::hasEnded);
    }

    // contract 10
    @ParameterizedTest
    @EnumSource(End.class)
    void aSecondEndChangesNothing(End second) {
        ScriptedPeer peer = peer(EXTENDED, Features.DEFAULT).send(new Message.Have(PIECES));
        Throwable first = end(peer.wire());

        second.how.accept(peer);

        assertThat(end(peer.wire())).isSameAs(first).isInstanceOf(ProtocolException.class);
    }

    // contract 10
    @Test
    void theEndWhileReadingIsPausedEndsEverythingToo() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.subscriberQueue(4));
        Recorder<Message> full = Recorder.of(peer.wire().inbound(), 0);
        for (int i = 0; i < 10; i++) {
            peer.send(new Message.Have(i));
        }
        Recorder<Message> other = Recorder.of(peer.wire().inbound());

        peer.wire().dispose();

        assertThat(other.hasCompleted()).isTrue();
        full.request(4);
        assertThat(full.hasCompleted()).isTrue();
    }

    // case 40
    @ParameterizedTest
    @ValueSource(longs = {20, 120, 150})
    void aPeerThatOnlyDidTheHandshakeIsClosedWhenItIsIdle(long seconds) {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.idleTimeout(Duration.ofSeconds(seconds)));

        peer.advance(Duration.ofSeconds(seconds - 1));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofSeconds(2));

        assertThat(peer.isClosed()).isTrue();
        assertThat(reason(end(peer.wire()))).isEqualTo(ConnectionException.Reason.IDLE);
    }

    // case 40
    @Test
    void aPeerThatSaysAnythingIsNotIdle() {
        ScriptedPeer peer = peer(PLAIN);
        for (int i = 0; i < 10; i++) {
            peer.advance(Duration.ofSeconds(149)).sendHex("00 00 00 00");
        }

        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // case 40
    @Test
    void aPeerThatDoesNotAnswerTheHandshakeIsClosedAfterTenSeconds() {
        for (ScriptedPeer peer : List.of(ScriptedPeer.dialledBy(SELF), ScriptedPeer.dialling(SELF))) {
            peer.advance(Duration.ofMillis(9_999));
            assertThat(peer.isClosed()).isFalse();
            peer.advance(Duration.ofMillis(1));

            assertThat(peer.isClosed()).isTrue();
            assertThat(((HandshakeException) peer.failure()).reason()).isEqualTo(HandshakeException.Reason.TIMED_OUT);
        }
    }

    @Test
    void aKeepAliveIsSentAfter110SecondsOfSilence() {
        ScriptedPeer peer = peer(PLAIN);
        peer.advance(Duration.ofSeconds(109)).expectNothing();
        peer.advance(Duration.ofSeconds(2)).expect(new Message.KeepAlive()).expectNothing();
        peer.send(new Message.KeepAlive());
        peer.advance(Duration.ofSeconds(108)).expectNothing();
        peer.wire().outbound().tryEmit(new Message.Have(1));
        peer.expect(new Message.Have(1));

        peer.advance(Duration.ofSeconds(30)).send(new Message.KeepAlive());
        peer.advance(Duration.ofSeconds(79)).expectNothing();
        peer.advance(Duration.ofSeconds(2)).expect(new Message.KeepAlive()).expectNothing();
        peer.dispose();
    }

    @Test
    void twoSilentWiresKeepEachOtherAlive() {
        WirePair pair = WirePair.open(SELF, Fixture.OTHER);

        pair.advance(Duration.ofHours(3));

        assertThat(pair.initiator().isDisposed()).isFalse();
        assertThat(pair.responder().isDisposed()).isFalse();
        pair.dispose();
    }

    @Test
    void theEndOfTheConnectionInTheMiddleOfAMessageIsToldApart() {
        ScriptedPeer inside = peer(PLAIN).sendHex("00 00 00").close();
        ScriptedPeer between = peer(PLAIN).send(new Message.Have(1)).close();

        assertThat(reason(end(inside.wire()))).isEqualTo(ConnectionException.Reason.TRUNCATED);
        assertThat(end(between.wire())).isNull();
    }

    @Test
    void aPeerThatDoesNotSpeakTheExtensionProtocolCompletesItsHandshakesEmpty() {
        ScriptedPeer peer = peer(PLAIN);

        Recorder<ExtendedHandshake> first = Recorder.of(peer.wire().extendedHandshake());

        assertThat(first.hasCompleted()).isTrue();
        assertThat(first.values()).isEmpty();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // contract 10
    @Test
    void whatASubscriberDoesWhenTheWireEndsDoesNotBringItBack() {
        ScriptedPeer peer = peer(EXTENDED, Features.DEFAULT).send(new Message.Unchoke());
        List<Recorder<?>> again = new ArrayList<>();
        peer.wire()
                .blocks()
                .request(block(0, 0))
                .doOnError(error -> again.addAll(everything(peer.wire())))
                .subscribe(block -> {}, error -> {});

        peer.close();

        assertThat(again).isNotEmpty().allMatch(Recorder::hasEnded);
    }

    /** The ways one wire of a pair can end. */
    enum PairEnd {
        CLOSE(pair -> pair.initiator().close().subscribe()),
        DISPOSE(pair -> pair.initiator().dispose()),
        FIN(pair -> pair.responder().dispose()),
        RESET(WirePair::cut),
        VIOLATION(pair -> pair.responder().outbound().tryEmit(new Message.Have(PIECES))),
        IDLE(pair -> {
            pair.toInitiator().hold();
            pair.advance(Duration.ofSeconds(152));
            pair.toInitiator().letGo();
        });

        final Consumer<WirePair> how;

        PairEnd(Consumer<WirePair> how) {
            this.how = how;
        }
    }

    // contracts 10 and 11
    @ParameterizedTest
    @EnumSource(PairEnd.class)
    void noTimerSurvivesTheWires(PairEnd end) {
        CountingClock clock = new CountingClock();
        WirePair pair = WirePair.builder(EXTENDED, Fixture.OTHER).clock(clock).open();
        everything(pair.initiator());
        pair.responder().outbound().tryEmit(new Message.Unchoke());
        pair.responder().blocks().serve(block -> Mono.<ByteBuf>never()).subscribe();
        assertThat(clock.pending()).isEqualTo(2);

        end.how.accept(pair);

        assertThat(pair.initiator().isDisposed()).isTrue();
        assertThat(pair.responder().isDisposed()).isTrue();
        assertThat(clock.pending()).isZero();
    }

    // contract 11
    @Test
    void aPairThatDoesNotAgreeLeavesNoTimer() {
        CountingClock clock = new CountingClock();

        assertThatIllegalStateException()
                .isThrownBy(() -> WirePair.builder(SELF, SELF).clock(clock).open());

        assertThat(clock.pending()).isZero();
    }
}
