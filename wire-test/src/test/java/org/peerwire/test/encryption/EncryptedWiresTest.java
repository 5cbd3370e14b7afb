/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.EncryptionMethod.PLAINTEXT;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.EncryptionPolicy.PLAINTEXT_ONLY;
import static org.peerwire.EncryptionPolicy.PREFER_ENCRYPTED;
import static org.peerwire.EncryptionPolicy.PREFER_PLAINTEXT;
import static org.peerwire.EncryptionPolicy.REQUIRE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Block;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests two of our wires over one connection, which cannot be dialled twice. */
class EncryptedWiresTest {
    private static final TorrentShape SHAPE = TorrentShape.of(1 << 20, 256 * 1024);

    private static LocalPeer peer() {
        return LocalPeer.of(RawEnd.TORRENT, PeerId.random()).withShape(SHAPE);
    }

    private static WirePair.Builder pair(EncryptionPolicy dialling, EncryptionPolicy accepting) {
        return WirePair.builder(peer(), peer()).encryption(dialling, accepting);
    }

    private static List<EncryptionPolicy> policies() {
        return List.of(PLAINTEXT_ONLY, PREFER_PLAINTEXT, PREFER_ENCRYPTED, REQUIRE);
    }

    static Stream<Arguments> pairs() {
        return policies().stream().flatMap(a -> policies().stream().map(b -> Arguments.of(a, b)));
    }

    // case 113
    @ParameterizedTest
    @MethodSource("pairs")
    void policiesMeet(EncryptionPolicy dialling, EncryptionPolicy accepting) {
        WirePair.Builder pair = pair(dialling, accepting);
        boolean encrypted = dialling.prefersEncryption();
        boolean understood = encrypted ? accepting.allowsEncryption() : accepting.allowsPlaintext();
        if (!understood) {
            assertThatThrownBy(pair::open).hasCauseInstanceOf(HandshakeException.class);
            return;
        }
        WirePair open = pair.open();

        Optional<EncryptionMethod> expected = encrypted ? Optional.of(RC4) : Optional.empty();
        assertThat(open.initiator().encryption()).isEqualTo(expected);
        assertThat(open.responder().encryption()).isEqualTo(expected);
        assertThat(open.initiator().remote().peerId())
                .isEqualTo(open.responder().local().peerId());
        open.dispose();
    }

    static Stream<Arguments> choices() {
        EncryptionPolicy both = PREFER_ENCRYPTED.withMethods(RC4, PLAINTEXT);
        EncryptionPolicy plain = REQUIRE.withMethods(PLAINTEXT);
        return Stream.of(
                Arguments.of(both, PREFER_PLAINTEXT, PLAINTEXT),
                Arguments.of(both, PREFER_ENCRYPTED, RC4),
                Arguments.of(both, REQUIRE, RC4),
                Arguments.of(plain, PREFER_PLAINTEXT, PLAINTEXT),
                Arguments.of(plain, PREFER_ENCRYPTED, PLAINTEXT),
                Arguments.of(plain, REQUIRE, null),
                Arguments.of(REQUIRE, plain, null));
    }

    // cases 106, 113; A-64
    @ParameterizedTest
    @MethodSource("choices")
    void a64_theResponderChoosesByItsPolicyAmongWhatIsOffered(
            EncryptionPolicy dialling, EncryptionPolicy accepting, @Nullable EncryptionMethod expected) {
        if (expected == null) {
            assertThatThrownBy(() -> pair(dialling, accepting).open()).cause().isInstanceOf(HandshakeException.class);
            return;
        }
        WirePair pair = pair(dialling, accepting).open();

        assertThat(pair.initiator().encryption()).contains(expected);
        assertThat(pair.responder().encryption()).contains(expected);
        assertTheyTalk(pair);
    }

    private static void assertTheyTalk(WirePair pair) {
        List<Message> seen = new ArrayList<>();
        pair.responder().inbound().subscribe(seen::add);
        for (int i = 0; i < 100; i++) {
            pair.initiator().outbound().tryEmit(new Message.SuggestPiece(i % 4));
            pair.initiator().outbound().tryEmit(new Message.Interested());
            pair.initiator().outbound().tryEmit(new Message.NotInterested());
        }
        assertThat(seen).hasSize(300);
        pair.dispose();
    }

    // case 114
    @Test
    void a69_theBuffersOfTheSourceAreNeitherChangedNorSpoilt() {
        ByteBuf constant = Unpooled.directBuffer().writeZero(BlockRequest.BLOCK_LENGTH);
        WirePair pair = pair(REQUIRE, REQUIRE).open();
        pair.responder()
                .outbound()
                .send(Flux.just(new Message.HaveAll(), new Message.Unchoke()))
                .then(pair.responder().blocks().serve(request -> Mono.just(constant.retainedDuplicate())))
                .subscribe();

        List<Block> blocks = new ArrayList<>();
        pair.initiator().outbound().tryEmit(new Message.Interested());
        pair.initiator()
                .blocks()
                .download(Flux.range(0, 4).flatMapIterable(SHAPE::blocks))
                .subscribe(blocks::add);

        ByteBuf zeros = Unpooled.buffer().writeZero(BlockRequest.BLOCK_LENGTH);
        assertThat(blocks).hasSize(64).allSatisfy(block -> assertThat(block.data())
                .isEqualTo(zeros));
        assertThat(constant).isEqualTo(zeros);
        pair.dispose();
        constant.release();
    }

    // case 114
    @Test
    void a69_theSameMessageMayBeSentAgainAndAgain() {
        byte[] caller = new byte[64];
        Message.Unknown constant = new Message.Unknown(77, Unpooled.wrappedBuffer(caller));
        WirePair pair = pair(REQUIRE, REQUIRE).open();
        List<Message> seen = new ArrayList<>();
        pair.responder().inbound().subscribe(seen::add);

        for (int i = 0; i < 10; i++) {
            constant.content().retain();
            pair.initiator().outbound().tryEmit(constant);
        }

        assertThat(seen).hasSize(10).allSatisfy(message -> assertThat(message)
                .isEqualTo(new Message.Unknown(77, Unpooled.wrappedBuffer(new byte[64]))));
        assertThat(caller).containsOnly(0);
        pair.dispose();
        constant.content().release();
    }

    @Test
    void theCountersTellWhatWentOverTheConnection() {
        WirePair plain = pair(PLAINTEXT_ONLY, PLAINTEXT_ONLY).open();
        WirePair encrypted = pair(REQUIRE, REQUIRE).open();

        long more = encrypted.initiator().stats().bytesOut()
                - plain.initiator().stats().bytesOut();
        assertThat(more).isBetween(96L + 20 + 20 + 16, 96L + 511 + 20 + 20 + 16 + 511 + 10);
        assertThat(encrypted.responder().stats().bytesIn())
                .isEqualTo(encrypted.initiator().stats().bytesOut());
        assertThat(encrypted.initiator().stats().bytesIn())
                .isEqualTo(encrypted.responder().stats().bytesOut());
        plain.dispose();
        encrypted.dispose();
    }

    // BEP 10, the key e
    @Test
    void whoPrefersEncryptionTellsSo() {
        WirePair pair = pair(REQUIRE, PREFER_PLAINTEXT).open();

        assertThat(pair.responder().extendedHandshake().block().prefersEncryption())
                .isTrue();
        assertThat(pair.initiator().extendedHandshake().block().prefersEncryption())
                .isFalse();
        pair.dispose();
    }
}
