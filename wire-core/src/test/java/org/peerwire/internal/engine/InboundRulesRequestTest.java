/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.engine.EngineProbe.SELF;
import static org.peerwire.internal.engine.EngineProbe.block;
import static org.peerwire.internal.engine.EngineProbe.extended;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.Tolerance;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Requests, advice, ports, extensions and hashes of the peer. */
class InboundRulesRequestTest {
    private static final Features FAST = Features.of(Feature.FAST);
    private static final Features EXTENDED = Features.of(Feature.EXTENSION_PROTOCOL);

    private EngineProbe probe = EngineProbe.open(Features.NONE);
    private TestSubscriber<Message> inbound = watch();

    private void use(EngineProbe other) {
        probe = other;
        inbound = watch();
    }

    private TestSubscriber<Message> watch() {
        TestSubscriber<Message> subscriber = TestSubscriber.create();
        probe.wire.inbound().subscribe(subscriber);
        return subscriber;
    }

    private void assertHidden(Ignored kind, Message... messages) {
        long before = probe.wire.stats().ignored(kind);

        probe.receive(messages);

        assertThat(inbound.getReceivedOnNext()).doesNotContain(messages);
        assertThat(probe.wire.stats().ignored(kind)).isEqualTo(before + messages.length);
        assertThat(probe.context.isEnded()).isFalse();
    }

    // ---- requests of the peer ----

    @Test
    void requestInsideTheTorrentIsQueuedAndOthersAreInvalid() {
        probe.wire.outbound().tryEmit(new Message.Unchoke());

        probe.receive(
                new Message.Request(block(1)),
                new Message.Request(block(10)),
                new Message.Request(new BlockRequest(1, 150, 100)),
                new Message.Request(new BlockRequest(1, 0, 0)),
                new Message.Request(new BlockRequest(1, 0, 16_385)));

        assertThat(probe.wire.stats().uploadsQueued()).isEqualTo(1);
        assertThat(probe.wire.stats().ignored(Ignored.INVALID_REQUEST)).isEqualTo(4);
        assertThat(inbound.getReceivedOnNext()).hasSize(5);
    }

    @Test
    void requestWithinTwoSecondsOfOurChokeIsNoAnomaly() {
        use(EngineProbe.open(FAST));
        probe.wire.outbound().tryEmit(new Message.Unchoke());
        probe.wire.outbound().tryEmit(new Message.Choke());
        probe.written();

        probe.receive(new Message.Request(block(1)));
        assertThat(probe.written()).containsExactly(new Message.RejectRequest(block(1)));
        assertThat(probe.wire.stats().ignored()).isEmpty();

        probe.advance(Duration.ofSeconds(2));
        probe.receive(new Message.Request(block(1)));
        assertThat(probe.wire.stats().ignored(Ignored.CHOKED_REQUEST)).isEqualTo(1);
    }

    @Test
    void answersThatThePeerDoesNotReadPauseReadingUntilHalfOfThemAreWritten() {
        use(EngineProbe.open(
                FAST,
                options -> options.limits(limits -> limits.tolerance(Ignored.CHOKED_REQUEST, Tolerance.UNLIMITED))));
        probe.clog();
        Message[] requests = new Message[2_048];
        Arrays.fill(requests, new Message.Request(block(1)));
        probe.receive(requests);
        assertThat(probe.isPaused()).isFalse();

        probe.receive(new Message.Request(block(1)));
        assertThat(probe.isPaused()).isTrue();
        probe.unclog();

        assertThat(probe.isPaused()).isFalse();
        assertThat(probe.written()).hasSize(2_049);
    }

    // ---- advice and ports ----

    @Test
    void adviceAboutPiecesThatDoNotExistIsHidden() {
        use(EngineProbe.open(FAST, options -> options.limits(limits -> limits.maxAllowedFast(1))));
        probe.receive(new Message.AllowedFast(1), new Message.SuggestPiece(2));
        assertThat(inbound.getReceivedOnNext()).hasSize(2);

        assertHidden(
                Ignored.INVALID_ADVICE,
                new Message.AllowedFast(10),
                new Message.AllowedFast(3),
                new Message.SuggestPiece(-1));
    }

    @Test
    void allowedPieceResumesDownloads() {
        use(EngineProbe.open(FAST));
        probe.wire.blocks().download(Flux.just(block(1))).subscribe();
        assertThat(probe.written()).isEmpty();

        probe.receive(new Message.AllowedFast(1));

        assertThat(probe.written()).containsExactly(new Message.Request(block(1)));
    }

    @Test
    void portIsShownOnceAMinute() {
        use(EngineProbe.open(Features.of(Feature.DHT)));
        probe.receive(new Message.Port(1));

        assertHidden(Ignored.PORT, new Message.Port(2), new Message.Port(0));
        probe.advance(Duration.ofMinutes(1));
        probe.receive(new Message.Port(3));

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Port(1), new Message.Port(3));
    }

    @Test
    void portIsHiddenWithoutDhtAndInAPrivateTorrent() {
        assertHidden(Ignored.PORT, new Message.Port(1));

        EngineProbe secret =
                new EngineProbe(SELF.withShape(new TorrentShape(2_000, 200, true)), Features.of(Feature.DHT));
        secret.start();
        use(secret);
        assertHidden(Ignored.PORT, new Message.Port(1));
    }

    // ---- extensions and hashes ----

    @Test
    void queueLengthOfTheHandshakeIsUsedAtOnce() {
        use(EngineProbe.open(EXTENDED, options -> options.defaultPeerRequestQueue(2)));
        probe.receive(new Message.Unchoke());
        probe.wire.blocks().download(Flux.range(1, 5).map(EngineProbe::block)).subscribe();
        assertThat(probe.written()).hasSize(1);

        probe.receive(extended(keys -> keys.requestQueue(4)));

        assertThat(probe.written()).hasSize(2);
    }

    @Test
    void malformedHandshakesAndOddKeysAreCountedAndShown() {
        use(EngineProbe.open(EXTENDED));

        probe.receive(
                new Message.Extended(0, Unpooled.wrappedBuffer(new byte[] {'x'})),
                extended(keys -> keys.put("reqq", BencodeValue.of(-1))));

        assertThat(probe.wire.stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
        assertThat(probe.wire.stats().ignored(Ignored.HANDSHAKE_VALUE)).isEqualTo(1);
        assertThat(inbound.getReceivedOnNext()).hasSize(2);
    }

    @Test
    void lostPieceIsRemovedAndItsRequestsFail() {
        use(EngineProbe.open(EXTENDED));
        probe.receive(new Message.Have(1), new Message.Unchoke());
        List<Throwable> failures = new ArrayList<>();
        probe.wire.blocks().request(block(1)).subscribe(block -> {}, failures::add);

        probe.receive(new Message.Extended(1, Unpooled.buffer().writeInt(1)));

        assertThat(probe.wire.peerHas(1)).isFalse();
        assertThat(failures).hasSize(1);
        assertThat(probe.wire.stats().ignored(Ignored.DONT_HAVE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 255})
    void extendedMessageWithAnUnknownNumberIsCounted(int id) {
        use(EngineProbe.open(EXTENDED));

        probe.receive(new Message.Extended(id, Unpooled.buffer()));

        assertThat(probe.wire.stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(1);
    }

    @Test
    void hashRequestThatNoTreeCanAnswerIsRejectedAndHidden() {
        use(EngineProbe.open(Features.of(Feature.V2_UPGRADE)));
        Message wrong = new Message.HashRequest(new HashRange(MerkleRoot.of(new byte[32]), 0, 0, 3, 0));
        Message right = new Message.HashRequest(new HashRange(MerkleRoot.of(new byte[32]), 0, 0, 2, 0));

        probe.receive(wrong, right);

        assertThat(probe.wire.stats().ignored(Ignored.INVALID_HASH_REQUEST)).isEqualTo(1);
        assertThat(probe.written()).hasSize(1);
        assertThat(inbound.getReceivedOnNext()).containsExactly(right);
    }
}
