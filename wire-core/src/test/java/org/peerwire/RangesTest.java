/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;

class RangesTest {
    private static final LocalPeer PEER = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random());

    private static Arguments fails(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                fails("subscriberQueue must be 1 to 1048576, was 0", () -> WireOptions.builder()
                        .subscriberQueue(0)),
                fails("idleTimeout must be 1 ms to 365 days, was PT0S", () -> WireOptions.builder()
                        .idleTimeout(Duration.ZERO)),
                fails("most must be 0 or more, was -1", () -> Tolerance.of(-1)),
                fails("per must be 1 ms to 365 days, was PT8784H", () -> Tolerance.of(1, Duration.ofDays(366))),
                fails("length must be 0 or more, was -1", () -> TorrentShape.of(-1, 1)),
                fails("pieceLength must be 1 or more, was 0", () -> TorrentShape.of(1, 0)),
                fails(
                        "length must be at most 2147483647 pieces of 1 bytes, was 2147483648",
                        () -> TorrentShape.of(1L << 31, 1)),
                fails("min must be 1 or more, was 0", () -> RequestWindow.fixed(0)),
                fails("max must be 4 or more, was 3", () -> new RequestWindow(4, 3, Duration.ZERO)),
                fails("ahead must be 0 to 1 h, was PT-1S", () -> new RequestWindow(4, 5, Duration.ofSeconds(-1))),
                fails("listenPort must be 0 to 65535, was 65536", () -> PEER.withListenPort(65_536)),
                fails(
                        "extensions must be of distinct names that are not empty, was [a, a]",
                        () -> PEER.withExtension(Extension.named("a")).withExtension(Extension.named("a"))),
                fails(
                        "extensions must be of distinct names that are not empty, was []",
                        () -> PEER.withExtension(Extension.named(""))),
                fails(
                        "extensions.size() must be 0 to 254, was 255",
                        () -> new LocalPeer(
                                PEER.infoHash(),
                                null,
                                PEER.peerId(),
                                Features.NONE,
                                Stream.generate(() -> Extension.named("a"))
                                        .limit(255)
                                        .toList(),
                                null,
                                0)),
                fails("InfoHash must be 20 bytes, was 19", () -> InfoHash.of(new byte[19])),
                fails("PeerId must be 20 bytes, was 3", () -> PeerId.parse("abc")),
                fails("prefix.length() must be 0 to 20, was 21", () -> PeerId.random("x".repeat(21))),
                fails(
                        "protocol must be 13426974546f7272656e742070726f746f636f6c (BitTorrent protocol), was "
                                + "00".repeat(20),
                        () -> Handshake.read(Unpooled.wrappedBuffer(new byte[68]))),
                fails(
                        "policy must be one with encryption, was PLAINTEXT_ONLY",
                        () -> EncryptionPolicy.PLAINTEXT_ONLY.withMethods(EncryptionMethod.RC4)),
                fails(
                        "bestFirst must be one or more distinct methods, was [RC4, RC4]",
                        () -> EncryptionPolicy.REQUIRE.withMethods(EncryptionMethod.RC4, EncryptionMethod.RC4)),
                fails(
                        "maxMessageLength must be 16393 or more for blocks of 16384 bytes, was 1024",
                        () -> WireLimits.builder().maxMessageLength(1024).build()),
                fails("port must be 0 to 65535, was -1", () -> new Message.Port(-1)),
                fails("id must be 0 to 255, was 256", () -> new Message.Extended(256, Unpooled.EMPTY_BUFFER)),
                fails(
                        "id must be one without a record of its own, was 4 (HAVE)",
                        () -> new Message.Unknown(4, Unpooled.EMPTY_BUFFER)),
                fails("MerkleRoot must be 32 bytes, was 20", () -> MerkleRoot.of(new byte[20])),
                fails("pieceCount must be 0 or more, was -1", () -> PieceSet.none(-1)),
                fails("id must be 0 to 255, was -1", () -> ExtendedHandshake.builder()
                        .extension("a", -1)),
                fails(
                        "name must be one with a known id, was a: use extension(name, id)",
                        () -> ExtendedHandshake.builder().enable("a")),
                fails(
                        "key must be neither empty nor m, was m: use extension(name, id) for m",
                        () -> ExtendedHandshake.builder().put("m", BencodeValue.list(List.of()))),
                fails("maxDepth must be 0 or more, was -1", () -> new BencodeLimits(-1, 1)),
                fails("maxTokens must be 1 or more, was 0", () -> new BencodeLimits(0, 0)));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void aWrongValueIsNamedWithItsConstraint(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
