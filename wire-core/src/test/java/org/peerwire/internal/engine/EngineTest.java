/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.internal.engine.EngineProbe.SELF;
import static org.peerwire.internal.engine.EngineProbe.SHAPE;
import static org.peerwire.internal.engine.EngineProbe.block;
import static org.peerwire.internal.engine.EngineProbe.handshake;
import static org.peerwire.internal.engine.EngineProbe.piece;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** The beginning and the clock of a wire. */
class EngineTest {
    private static final Features EXTENDED = Features.of(Feature.EXTENSION_PROTOCOL);
    private static final TorrentShape PRIVATE = new TorrentShape(2_000, 200, true);
    private static final Extension PUBLIC_ONLY = new Extension() {
        @Override
        public String name() {
            return "xx_public";
        }

        @Override
        public boolean allowedInPrivateTorrents() {
            return false;
        }
    };

    private static TestSubscriber<Object> subscribe(Mono<?> mono) {
        TestSubscriber<Object> subscriber = TestSubscriber.create();
        mono.cast(Object.class).subscribe(subscriber);
        return subscriber;
    }

    private static ConnectionException.Reason reason(EngineProbe probe) {
        return ((ConnectionException) subscribe(probe.engine.closed()).expectTerminalError()).reason();
    }

    // ---- the beginning ----

    @Test
    void firstMessageIsTheExtendedHandshake() {
        EngineProbe probe = new EngineProbe(SELF.withListenPort(6881), EXTENDED, options -> options.clientName("Test 1")
                .limits(limits -> limits.maxQueuedUploads(77)));

        probe.engine.start(probe.wire, true);

        List<Message> written = probe.written();
        assertThat(written).hasSize(1);
        ExtendedHandshake ours = handshake(written.get(0));
        assertThat(ours.client()).hasValue("Test 1");
        assertThat(ours.listenPort()).hasValue(6881);
        assertThat(ours.requestQueue()).hasValue(77);
        assertThat(ours.prefersEncryption()).isTrue();
        assertThat(ours.yourIp()).isPresent();
    }

    @Test
    void extendedHandshakeLeavesOutTheKeysWithoutAValue() {
        EngineProbe probe = new EngineProbe(SELF, EXTENDED, options -> options.clientName(""));

        probe.start();

        assertThat(handshake(probe.written().get(0)).dictionary().entries().keySet())
                .containsExactlyInAnyOrder("m", "reqq", "yourip");
    }

    @Test
    void wireWithoutTheExtensionProtocolBeginsSilently() {
        EngineProbe probe = new EngineProbe(SELF, Features.NONE);

        probe.start();

        assertThat(probe.written()).isEmpty();
        assertThat(subscribe(probe.wire.extendedHandshake()).isTerminatedComplete())
                .isTrue();
    }

    @Test
    void privateTorrentIsKnownBeforeTheFirstMessage() {
        EngineProbe probe = new EngineProbe(SELF.withShape(PRIVATE).withExtension(PUBLIC_ONLY), EXTENDED);

        probe.start();

        assertThat(handshake(probe.written().get(0)).supports("xx_public")).isFalse();
        assertThat(probe.wire.torrent()).hasValue(PRIVATE);
    }

    // ---- the shape ----

    @Test
    void privateShapeWithdrawsTheForbiddenExtensions() {
        EngineProbe probe = new EngineProbe(SELF.withExtension(PUBLIC_ONLY), EXTENDED);
        probe.start();
        assertThat(handshake(probe.written().get(0)).supports("xx_public")).isTrue();

        probe.engine.learn(PRIVATE);

        List<Message> written = probe.written();
        assertThat(written).hasSize(1);
        assertThat(handshake(written.get(0)).extensions()).isEqualTo(Map.of("lt_donthave", 2, "xx_public", 0));
    }

    @Test
    void privateShapeWithoutForbiddenExtensionsSaysNothing() {
        LocalPeer plain = SELF;
        EngineProbe probe = new EngineProbe(plain, EXTENDED);
        probe.start();
        probe.written();

        probe.engine.learn(PRIVATE);

        assertThat(probe.written()).isEmpty();
    }

    @Test
    void shapeThatEarlierMessagesViolateEndsTheWire() {
        EngineProbe probe = new EngineProbe(SELF, Features.NONE);
        probe.start();
        probe.receive(new Message.Bitfield(PieceSet.of(24, 1)));

        assertThatThrownBy(() -> probe.engine.learn(SHAPE)).isInstanceOf(ProtocolException.class);

        assertThat(subscribe(probe.engine.closed()).expectTerminalError()).isInstanceOf(ProtocolException.class);
        assertThat(probe.closes()).isEqualTo(1);
    }

    @Test
    void shapeAfterTheEndIsLearnedSilently() {
        EngineProbe probe = new EngineProbe(SELF.withExtension(PUBLIC_ONLY), EXTENDED);
        probe.start();
        probe.written();
        probe.context.end(null);

        probe.engine.learn(PRIVATE);

        assertThat(probe.wire.torrent()).hasValue(PRIVATE);
        assertThat(probe.written()).isEmpty();
        assertThat(probe.closes()).isEqualTo(1);
    }

    // ---- keep-alive ----

    @Test
    void keepAliveFollowsTheIntervalWithoutAWrite() {
        EngineProbe probe =
                EngineProbe.open(Features.NONE, options -> options.keepAliveInterval(Duration.ofSeconds(5)));

        probe.advance(Duration.ofMillis(4_999));
        assertThat(probe.written()).isEmpty();
        probe.advance(Duration.ofMillis(1));

        assertThat(probe.written()).containsExactly(new Message.KeepAlive());
        probe.advance(Duration.ofSeconds(10));
        assertThat(probe.written()).hasSize(2);
    }

    @Test
    void writeDelaysTheKeepAlive() {
        EngineProbe probe =
                EngineProbe.open(Features.NONE, options -> options.keepAliveInterval(Duration.ofSeconds(5)));
        probe.advance(Duration.ofSeconds(4));
        probe.wire.outbound().tryEmit(new Message.Have(1));

        probe.advance(Duration.ofSeconds(4));
        assertThat(probe.written()).containsExactly(new Message.Have(1));
        probe.advance(Duration.ofSeconds(1));

        assertThat(probe.written()).containsExactly(new Message.KeepAlive());
    }

    @Test
    void keepAlivesDoNotPileUpInASocketThatTakesNoData() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.keepAliveInterval(Duration.ofSeconds(5))
                .idleTimeout(Duration.ofDays(1)));
        probe.clog();

        probe.advance(Duration.ofMinutes(5));
        probe.unclog();

        assertThat(probe.written()).containsExactly(new Message.KeepAlive());
    }

    // ---- idle ----

    @Test
    void wireThatReadsNothingForTheIdleTimeoutEnds() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.idleTimeout(Duration.ofSeconds(30)));

        probe.advance(Duration.ofMillis(29_999));
        assertThat(probe.context.isEnded()).isFalse();
        probe.advance(Duration.ofMillis(1));

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.IDLE);
    }

    @Test
    void readDelaysTheIdleTimeout() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.idleTimeout(Duration.ofSeconds(30)));
        probe.advance(Duration.ofSeconds(29));
        probe.context.clock().onRead();

        probe.advance(Duration.ofSeconds(29));
        assertThat(probe.context.isEnded()).isFalse();
        probe.advance(Duration.ofSeconds(1));

        assertThat(probe.context.isEnded()).isTrue();
    }

    @Test
    void idleTimeoutStandsStillWhileASubscriberPausesReading() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.idleTimeout(Duration.ofSeconds(30))
                .stallTimeout(Duration.ofDays(1))
                .subscriberQueue(1));
        TestSubscriber<Message> slow =
                TestSubscriber.builder().initialRequest(0).build();
        probe.wire.inbound().subscribe(slow);
        probe.receive(new Message.Have(1));
        assertThat(probe.isPaused()).isTrue();

        probe.advance(Duration.ofMinutes(10));
        assertThat(probe.context.isEnded()).isFalse();
        slow.request(1);
        probe.advance(Duration.ofSeconds(30));

        assertThat(reason(probe)).isEqualTo(ConnectionException.Reason.IDLE);
    }

    // ---- other work of the tick ----

    @Test
    void tickTimesRequestsOut() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.requestTimeout(Duration.ofSeconds(3)));
        probe.receive(new Message.Unchoke());
        TestSubscriber<Object> request = subscribe(probe.wire.blocks().request(block(1)));

        probe.advance(Duration.ofSeconds(3));

        assertThat(((RequestException) request.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.TIMED_OUT);
        assertThat(probe.written()).endsWith(new Message.Cancel(block(1)));
    }

    @Test
    void tickMeasuresTheRates() {
        EngineProbe probe = EngineProbe.open(Features.NONE);
        probe.receive(new Message.Unchoke());
        subscribe(probe.wire.blocks().request(block(1)));
        probe.receive(piece(1));

        probe.advance(Duration.ofSeconds(1));
        assertThat(probe.wire.stats().payloadInRate()).isEqualTo(100);

        probe.context.end(null);
        assertThat(probe.wire.stats().payloadInRate()).isZero();
    }

    @Test
    void tickFailsAStalledSubscriberAlone() {
        EngineProbe probe = EngineProbe.open(
                Features.NONE, options -> options.subscriberQueue(1).stallTimeout(Duration.ofSeconds(3)));
        TestSubscriber<Message> slow =
                TestSubscriber.builder().initialRequest(0).build();
        probe.wire.inbound().subscribe(slow);
        probe.receive(new Message.Have(1));

        probe.advance(Duration.ofSeconds(5));

        assertThat(((ConnectionException) slow.expectTerminalError()).reason())
                .isEqualTo(ConnectionException.Reason.SLOW_SUBSCRIBER);
        assertThat(probe.context.isEnded()).isFalse();
    }

    @Test
    void endInATickStopsTheRestOfIt() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.requestTimeout(Duration.ofSeconds(3))
                .keepAliveInterval(Duration.ofSeconds(3)));
        probe.receive(new Message.Unchoke());
        probe.wire.blocks().request(block(1)).subscribe(block -> {}, error -> probe.wire.dispose());
        probe.written();

        probe.advance(Duration.ofSeconds(30));

        assertThat(subscribe(probe.engine.closed()).isTerminatedComplete()).isTrue();
        assertThat(probe.written()).isEmpty();
        assertThat(probe.closes()).isEqualTo(1);
    }

    @Test
    void handlerOfATimeoutThatThrowsDoesNotHoldBackLaterWrites() {
        EngineProbe probe = EngineProbe.open(Features.NONE, options -> options.requestTimeout(Duration.ofSeconds(3)));
        probe.receive(new Message.Unchoke());
        probe.wire.blocks().request(block(1)).subscribe(block -> {}, error -> {
            throw new IllegalStateException("a bug of the user");
        });
        probe.written();

        try {
            probe.advance(Duration.ofSeconds(3));
        } catch (IllegalStateException reported) {
            assertThat(reported).hasMessage("a bug of the user");
        }
        probe.wire.outbound().tryEmit(new Message.Have(1));

        assertThat(probe.written()).contains(new Message.Have(1));
    }
}
