/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.WireOptions;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.message.Message;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.subscriber.TestSubscriber;

/** Our side: numbers, our handshakes, withdrawal and private torrents. */
class ExtensionRegistryTest {

    /** An extension that a private torrent forbids, and that advertises a port. */
    private static final Extension PUBLIC_ONLY = new Extension() {
        @Override
        public String name() {
            return "xx_public";
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            mine.listenPort(6881);
        }

        @Override
        public int maxMessageLength() {
            return 10;
        }

        @Override
        public boolean allowedInPrivateTorrents() {
            return false;
        }
    };

    private final RegistryProbe probe = new RegistryProbe(Extension.named("xx_first"), PUBLIC_ONLY);
    private final ExtensionRegistry registry = probe.registry;

    private ExtendedHandshake advertised() {
        return registry.advertise(builder -> builder);
    }

    private Message.Extended withdrawalOf(String name) {
        return ExtensionRegistry.handshake(registry.build(builder -> builder.disable(name)));
    }

    // ---- numbers ----

    @Test
    void extensionsAreNumberedInTheirOrderAndThenDontHave() {
        assertThat(advertised().extensions())
                .isEqualTo(Map.of("xx_first", 1, "xx_public", 2, ExtensionRegistry.DONT_HAVE, 3));
    }

    @Test
    void dontHaveOfTheUserIsNotAddedAgain() {
        RegistryProbe own = new RegistryProbe(Extension.named(ExtensionRegistry.DONT_HAVE));

        assertThat(own.registry.advertise(builder -> builder).extensions())
                .isEqualTo(Map.of(ExtensionRegistry.DONT_HAVE, 1));
        assertThat(own.registry.isDontHave(new Message.Extended(1, Unpooled.buffer())))
                .isTrue();
    }

    @Test
    void firstHandshakeHasTheKeysOfTheWireAndOfItsExtensions() {
        ExtendedHandshake ours = registry.advertise(builder -> builder.requestQueue(500));

        assertThat(ours.requestQueue()).hasValue(500);
        assertThat(ours.listenPort()).hasValue(6881);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 255})
    void numberThatWeHaveNotGivenIsNotOurs(int id) {
        assertThat(registry.isOurs(id)).isFalse();
        assertThat(registry.isOurs(3)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11})
    void maximumLengthHoldsForTheNumberOfTheExtension(int length) {
        PeerWireDecoder decoder =
                new PeerWireDecoder(new UnpooledByteBufAllocator(false), WireOptions.defaults(), probe.frames);
        ByteBuf in = Unpooled.buffer();
        new Handshake(Features.NONE, InfoHash.of(new byte[20]), PeerId.of(new byte[20])).writeTo(in);
        in.writeInt(2 + length).writeByte(20).writeByte(2);

        if (length == 10) {
            assertThatCode(() -> decoder.feed(in)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> decoder.feed(in)).isInstanceOf(ProtocolException.class);
        }
        decoder.close();
    }

    @Test
    void unknownNameIsRefused() {
        assertThatThrownBy(() -> registry.build(builder -> builder.enable("xx_other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("xx_other")
                .hasMessageContaining("xx_first");
        assertThatThrownBy(() -> registry.channel("xx_other")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- withdrawal ----

    @Test
    void withdrawalTakesEffectWhenItsHandshakeIsWritten() {
        probe.clog();
        assertThat(probe.outbox.tryEmit(withdrawalOf("xx_first"))).isEqualTo(EmitResult.OK);
        assertThat(registry.isOurs(1)).isTrue();

        probe.unclog();

        assertThat(registry.isOurs(1)).isFalse();
        assertThat(registry.isOurs(2)).isTrue();
    }

    @Test
    void extensionCanComeBack() {
        probe.outbox.tryEmit(withdrawalOf("xx_first"));

        probe.outbox.tryEmit(ExtensionRegistry.handshake(registry.build(builder -> builder.enable("xx_first"))));

        assertThat(registry.isOurs(1)).isTrue();
        assertThat(probe.written()).hasSize(2);
    }

    @Test
    void handshakeOfOtherKeysWithdrawsNothing() {
        probe.outbox.tryEmit(ExtensionRegistry.handshake(registry.build(builder -> builder.uploadOnly(true))));

        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void buildingAWithdrawalChangesNothing() {
        withdrawalOf("xx_first").release();

        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void withdrawalThatTheSinkRefusesChangesNothing() {
        probe.clog();
        for (int i = 0; i < RegistryProbe.SINK_LIMIT; i++) {
            probe.outbox.tryEmit(new Message.Have(i));
        }
        TestSubscriber<Void> sender = TestSubscriber.create();

        probe.outbox.send(withdrawalOf("xx_first")).subscribe(sender);
        probe.unclog();

        assertThat(((ConnectionException) sender.expectTerminalError()).reason())
                .isEqualTo(ConnectionException.Reason.OVERFLOW);
        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void withdrawalThatTheEndOvertakesChangesNothing() {
        probe.clog();
        probe.outbox.tryEmit(withdrawalOf("xx_first"));

        probe.context.end(null);

        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void malformedHandshakeOfTheUserIsWrittenAndChangesNothing() {
        probe.outbox.tryEmit(new Message.Extended(0, Unpooled.wrappedBuffer(new byte[] {'x'})));

        assertThat(probe.written()).hasSize(1);
        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void writingAHandshakeLeavesItsBufferUntouched() {
        Message.Extended withdrawal = withdrawalOf("xx_first");
        int length = withdrawal.payload().readableBytes();

        registry.onHandshakeWritten(withdrawal.payload());

        assertThat(withdrawal.payload().readableBytes()).isEqualTo(length);
        assertThat(withdrawal.refCnt()).isEqualTo(1);
    }

    // ---- private torrents ----

    @Test
    void privateTorrentForbidsWhatIsNotAllowedInIt() {
        probe.learn(true);

        assertThat(advertised().extensions()).containsOnlyKeys("xx_first", ExtensionRegistry.DONT_HAVE);
        assertThat(advertised().listenPort()).isEmpty();
        assertThat(registry.isOurs(2)).isFalse();
        assertThat(registry.isOurs(1)).isTrue();
    }

    @Test
    void forbiddenExtensionCanBeDisabledButNotEnabled() {
        probe.learn(true);

        assertThatThrownBy(() -> registry.build(builder -> builder.enable("xx_public")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("private");
        assertThat(registry.build(builder -> builder.disable("xx_public")).extensions())
                .isEqualTo(Map.of("xx_public", 0));
    }

    @Test
    void forbiddenExtensionsAreWithdrawnTogether() {
        probe.learn(true);

        assertThat(registry.withdrawForbidden()).isNotNull();
        assertThat(registry.withdrawForbidden().extensions()).isEqualTo(Map.of("xx_public", 0));
    }

    @Test
    void nothingIsForbiddenInAPublicTorrent() {
        probe.learn(false);

        assertThat(registry.withdrawForbidden()).isNull();
    }

    // ---- lt_donthave ----

    @Test
    void dontHaveNamesItsPiece() {
        Message.Extended message = new Message.Extended(3, Unpooled.buffer().writeInt(77));

        assertThat(registry.isDontHave(message)).isTrue();
        assertThat(registry.isDontHave(new Message.Extended(1, message.payload())))
                .isFalse();
        assertThat(ExtensionRegistry.dontHavePiece(message)).isEqualTo(77);
        assertThat(message.payload().readableBytes()).as("left to subscribers").isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void dontHaveOfAnotherLengthIsAViolation(int length) {
        Message.Extended message = new Message.Extended(3, Unpooled.buffer().writeZero(length));

        ProtocolException violation =
                catchThrowableOfType(ProtocolException.class, () -> ExtensionRegistry.dontHavePiece(message));

        assertThat(violation.reason()).isEqualTo(ProtocolException.Reason.LENGTH);
        assertThat(violation.messageId()).isEqualTo(20);
    }
}
