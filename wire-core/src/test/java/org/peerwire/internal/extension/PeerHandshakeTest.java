/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** The side of the peer: its handshakes, their limits, and the channels that depend on them. */
class PeerHandshakeTest {
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

    private final RegistryProbe probe = new RegistryProbe(Extension.named("xx_first"), PUBLIC_ONLY);
    private final ExtensionRegistry registry = probe.registry;

    private static ExtendedHandshake handshake(UnaryOperator<ExtendedHandshake.Builder> keys) {
        return keys.apply(ExtendedHandshake.builder()).build();
    }

    private static ExtendedHandshake lists(String name, int id) {
        return handshake(keys -> keys.extension(name, id));
    }

    private static ExtendedHandshake ofLength(String key, int length) {
        return handshake(keys -> keys.put(key, BencodeValue.of(new byte[length])));
    }

    private TestSubscriber<ExtendedHandshake> watch(long demand) {
        TestSubscriber<ExtendedHandshake> watcher =
                TestSubscriber.builder().initialRequest(demand).build();
        registry.handshakes().subscribe(watcher);
        return watcher;
    }

    private static TestSubscriber<Void> subscribe(Mono<Void> send) {
        TestSubscriber<Void> sender = TestSubscriber.create();
        send.subscribe(sender);
        return sender;
    }

    // ---- merging ----

    @Test
    void handshakesAreMerged() {
        TestSubscriber<ExtendedHandshake> watcher = watch(Long.MAX_VALUE);

        probe.hear(
                0, handshake(keys -> keys.extension("xx_first", 7).client("one").requestQueue(100)));
        probe.hear(0, handshake(keys -> keys.extension("xx_public", 8).requestQueue(200)));

        ExtendedHandshake merged = watcher.getReceivedOnNext().get(1);
        assertThat(merged.extensions()).isEqualTo(Map.of("xx_first", 7, "xx_public", 8));
        assertThat(merged.client()).hasValue("one");
        assertThat(probe.advice.requestQueue()).isEqualTo(200);
    }

    @Test
    void receivedHandshakeIsReturnedUnmerged() {
        probe.hear(0, lists("xx_first", 7));

        ExtendedHandshake received = registry.onHandshake(
                Unpooled.wrappedBuffer(lists("xx_public", 0).dictionary().encoded()), 0);

        assertThat(received).isNotNull();
        assertThat(received.extensions()).isEqualTo(Map.of("xx_public", 0));
    }

    @Test
    void numberZeroRemovesAnExtensionOfThePeer() {
        probe.hear(0, lists("xx_first", 7));
        assertThat(registry.peerSupports("xx_first")).isTrue();

        probe.hear(0, lists("xx_first", 0));

        assertThat(registry.peerSupports("xx_first")).isFalse();
    }

    @Test
    void handshakeThatChangesNothingIsNotPublished() {
        TestSubscriber<ExtendedHandshake> watcher = watch(Long.MAX_VALUE);
        probe.hear(0, lists("xx_first", 7));

        assertThat(probe.hear(0, lists("xx_first", 7))).isTrue();

        assertThat(watcher.getReceivedOnNext()).hasSize(1);
    }

    @Test
    void lateWatcherReceivesTheLatestAndASlowOneSkipsToIt() {
        TestSubscriber<ExtendedHandshake> slow = watch(1);
        for (int id = 1; id <= 3; id++) {
            probe.hear(0, lists("xx_first", id));
        }

        slow.request(1);

        assertThat(slow.getReceivedOnNext())
                .extracting(handshake -> handshake.extensions().get("xx_first"))
                .containsExactly(1, 3);
        assertThat(watch(Long.MAX_VALUE).getReceivedOnNext()).hasSize(1);
    }

    @Test
    void endCompletesTheWatchers() {
        TestSubscriber<ExtendedHandshake> watcher = watch(Long.MAX_VALUE);

        registry.close();

        assertThat(watcher.isTerminatedComplete()).isTrue();
        assertThat(watch(Long.MAX_VALUE).isTerminatedComplete()).isTrue();
    }

    // ---- limits ----

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "i1e", "le", "d1:m", "d1:mde", "4:spam"})
    void malformedHandshakeIsIgnored(String payload) {
        assertThat(probe.hear(0, payload.getBytes(StandardCharsets.US_ASCII))).isFalse();
        assertThat(watch(Long.MAX_VALUE).getReceivedOnNext()).isEmpty();
    }

    @Test
    void handshakeBeyondTheStructuralLimitsIsIgnored() {
        RegistryProbe strict =
                new RegistryProbe(limits -> limits.extendedHandshakeStructure(new BencodeLimits(4, 100)));

        assertThat(strict.hear(0, "d1:alllllleeeeeee".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
        assertThat(strict.hear(0, "d1:alee".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
    }

    @Test
    void handshakesTogetherAreLimitedTo64KiB() {
        probe.hear(0, ofLength("a", 40_000));

        assertThat(probe.hear(0, ofLength("b", 30_000))).isFalse();
        assertThat(probe.hear(0, ofLength("b", 10_000)))
                .as("a shorter one fits")
                .isTrue();
    }

    @Test
    void burstIsHeardAndThenOneHandshakeASecond() {
        RegistryProbe limited = new RegistryProbe(limits -> limits.extendedHandshakeBurst(3));
        for (int i = 0; i < 3; i++) {
            assertThat(limited.hear(5_000, lists("xx", i + 1))).isTrue();
        }

        assertThat(limited.hear(5_000, lists("xx", 9))).isFalse();
        assertThat(limited.hear(5_999, lists("xx", 9))).isFalse();
        assertThat(limited.hear(6_000, lists("xx", 9))).isTrue();
        assertThat(limited.hear(6_000, lists("xx", 8))).isFalse();
    }

    @Test
    void burstIsFullAgainAfterAPause() {
        RegistryProbe limited = new RegistryProbe(limits -> limits.extendedHandshakeBurst(3));
        for (int i = 0; i < 3; i++) {
            limited.hear(0, lists("xx", 1));
        }

        for (int i = 0; i < 3; i++) {
            assertThat(limited.hear(60_000, lists("xx", 2))).isTrue();
        }
        assertThat(limited.hear(60_000, lists("xx", 2))).isFalse();
    }

    @Test
    void handshakesOfTheWholeLifeAreLimited() {
        RegistryProbe limited = new RegistryProbe(limits -> limits.maxExtendedHandshakes(2));
        assertThat(limited.hear(0, lists("xx", 1))).isTrue();
        assertThat(limited.hear(10_000, lists("xx", 2))).isTrue();

        assertThat(limited.hear(1_000_000, lists("xx", 3))).isFalse();
    }

    @Test
    void malformedHandshakesCountTowardsTheRate() {
        RegistryProbe limited = new RegistryProbe(limits -> limits.extendedHandshakeBurst(2));
        limited.hear(0, new byte[] {'x'});
        limited.hear(0, new byte[] {'x'});

        assertThat(limited.hear(0, lists("xx", 1))).isFalse();
    }

    // ---- channels ----

    @Test
    void messageIsSentWithTheNumberOfThePeer() {
        probe.hear(0, lists("xx_first", 7));

        TestSubscriber<Void> sender =
                subscribe(registry.channel("xx_first").send(Unpooled.buffer().writeByte(42)));

        assertThat(sender.isTerminatedComplete()).isTrue();
        assertThat(probe.written()).containsExactly(new Message.Extended(7, Unpooled.wrappedBuffer(new byte[] {42})));
    }

    @Test
    void numberIsLookedUpWhenTheSendIsSubscribedTo() {
        probe.hear(0, lists("xx_first", 7));
        Mono<Void> send = registry.channel("xx_first").send(Unpooled.buffer().writeByte(42));
        probe.hear(0, lists("xx_first", 9));

        subscribe(send);

        assertThat(((Message.Extended) probe.written().get(0)).id()).isEqualTo(9);
    }

    @Test
    void messageThatThePeerDoesNotSupportIsRefusedAndReleased() {
        ByteBuf payload = Unpooled.buffer().writeByte(42);
        ExtensionChannel channel = registry.channel("xx_first");

        TestSubscriber<Void> sender = subscribe(channel.send(payload));

        assertThat(channel.supported()).isFalse();
        assertThat(sender.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        assertThat(payload.refCnt()).isZero();
    }

    @Test
    void messageThatAPrivateTorrentForbidsIsRefusedAndReleased() {
        probe.hear(0, lists("xx_public", 7));
        assertThat(registry.channel("xx_public").supported()).isTrue();
        probe.learn(true);
        ByteBuf payload = Unpooled.buffer().writeByte(42);

        TestSubscriber<Void> sender = subscribe(registry.channel("xx_public").send(payload));

        assertThat(registry.channel("xx_public").supported()).isFalse();
        assertThat(sender.expectTerminalError())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("private");
        assertThat(payload.refCnt()).isZero();
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void channelReceivesTheMessagesWithOurNumberOnly() {
        TestSubscriber<ByteBuf> inbound = TestSubscriber.create();
        registry.channel("xx_first").inbound().subscribe(inbound);
        TestSubscriber<Integer> sizes = TestSubscriber.create();
        registry.channel("xx_first").inbound(ByteBuf::readableBytes).subscribe(sizes);

        probe.publish(1, 42, 43);
        probe.publish(2, 44);
        probe.hub.publish(new Message.Have(1));

        assertThat(inbound.getReceivedOnNext()).containsExactly(Unpooled.wrappedBuffer(new byte[] {42, 43}));
        assertThat(sizes.getReceivedOnNext()).containsExactly(2);
    }

    @Test
    void readersOfAMessageDoNotDisturbEachOther() {
        TestSubscriber<Byte> first = TestSubscriber.create();
        TestSubscriber<Byte> second = TestSubscriber.create();
        registry.channel("xx_first").inbound().map(ByteBuf::readByte).subscribe(first);
        registry.channel("xx_first").inbound().map(ByteBuf::readByte).subscribe(second);

        probe.publish(1, 42, 43);

        assertThat(first.getReceivedOnNext()).containsExactly((byte) 42);
        assertThat(second.getReceivedOnNext()).containsExactly((byte) 42);
    }

    @Test
    void withdrawnExtensionReceivesNoMessages() {
        TestSubscriber<ByteBuf> inbound = TestSubscriber.create();
        registry.channel("xx_first").inbound().subscribe(inbound);
        probe.outbox.tryEmit(ExtensionRegistry.handshake(registry.build(builder -> builder.disable("xx_first"))));

        probe.publish(1, 42);

        assertThat(inbound.getReceivedOnNext()).isEmpty();
        assertThat(inbound.isTerminated()).isFalse();
    }
}
