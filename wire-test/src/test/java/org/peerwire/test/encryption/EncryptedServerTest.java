/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.EncryptionMethod.PLAINTEXT;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.EncryptionPolicy.PLAINTEXT_ONLY;
import static org.peerwire.EncryptionPolicy.PREFER_ENCRYPTED;
import static org.peerwire.EncryptionPolicy.REQUIRE;
import static org.peerwire.test.encryption.RawEnd.OTHER;
import static org.peerwire.test.encryption.RawEnd.TORRENT;
import static org.peerwire.test.encryption.RawEnd.UNCHOKE;
import static org.peerwire.test.encryption.RawEnd.dialling;
import static org.peerwire.test.encryption.RawEnd.encrypted;
import static org.peerwire.test.encryption.RawEnd.handshake;
import static org.peerwire.test.encryption.RawEnd.initiator;
import static org.peerwire.test.encryption.RawEnd.join;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.HandshakeStart;
import org.peerwire.internal.encryption.Exchange.Outcome;
import org.peerwire.internal.encryption.Initiator;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

/** Tests a server with encryption against peers that follow the specification, byte by byte. */
class EncryptedServerTest {
    // cases 106, 107: messages glued to the inner handshake are neither lost nor late
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512})
    void a62_messagesInsideTheHandshakeArrive(int pads) {
        RawEnd end = dialling(REQUIRE);

        Outcome outcome = end.exchange(initiator(TORRENT, join(handshake(TORRENT), UNCHOKE), pads, RC4));

        assertThat(end.wire.encryption()).contains(RC4);
        assertThat(end.wire.remote().peerId()).isEqualTo(RawEnd.PEER_ID);
        assertThat(end.wire.state().peerChoking()).isFalse();
        end.send(encrypted(outcome, new byte[] {0, 0, 0, 1, 2}));
        assertThat(end.wire.state().peerInterested()).isTrue();
        end.close();
    }

    // case 107: an empty IA, then the handshake, byte by byte
    @ParameterizedTest
    @EnumSource(EncryptionMethod.class)
    void theHandshakeMayComeAfterTheExchange(EncryptionMethod method) {
        RawEnd end = dialling(PREFER_ENCRYPTED);
        Outcome outcome = end.exchange(initiator(TORRENT, new byte[0], 40, method));
        assertThat(end.wire).isNull();

        byte[] all = join(handshake(TORRENT), UNCHOKE);
        byte[] sent = method == RC4 ? encrypted(outcome, all) : all;
        for (byte b : sent) {
            end.send(new byte[] {b});
        }

        assertThat(end.wire.encryption()).contains(method);
        assertThat(end.wire.state().peerChoking()).isFalse();
        byte[] answer = method == RC4 ? end.take(outcome) : end.take();
        assertThat(answer).startsWith(join(Handshake.protocol()));
        end.close();
    }

    static IntStream lengthsOfTheFirstPayload() {
        return IntStream.rangeClosed(0, Handshake.LENGTH);
    }

    @ParameterizedTest
    @MethodSource("lengthsOfTheFirstPayload")
    void theAnswerToTheInfoHashDoesNotWaitForThePeerId(int length) {
        byte[] whole = handshake(TORRENT);
        RawEnd end = dialling(REQUIRE);
        Initiator ours = initiator(TORRENT, Arrays.copyOf(whole, length), 0, RC4);
        end.send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        end.send(ours.work().get().get());
        ByteBuf in = Unpooled.wrappedBuffer(end.take());
        ours.feed(in);
        Outcome outcome = ours.outcome();
        byte[] answer = ByteBufUtil.getBytes(in);
        outcome.decrypt().apply(Unpooled.wrappedBuffer(answer));

        if (length < HandshakeStart.LENGTH) {
            assertThat(answer).isEmpty();
            end.send(encrypted(outcome, Arrays.copyOfRange(whole, length, HandshakeStart.LENGTH)));
            answer = end.take(outcome);
        }
        assertThat(answer).startsWith(Handshake.protocol());
        if (length < Handshake.LENGTH) {
            assertThat(answer).hasSize(Handshake.LENGTH);
            assertThat(end.wire).isNull();
            int sent = Math.max(length, HandshakeStart.LENGTH);
            end.send(encrypted(outcome, Arrays.copyOfRange(whole, sent, Handshake.LENGTH)));
        }

        assertThat(end.wire).isNotNull();
        end.close();
    }

    // case 106: the wire encrypts everything from its handshake on
    @Test
    void theAnswerIsReadableWithTheKeyOnly() {
        RawEnd end = dialling(REQUIRE);
        Initiator ours = initiator(TORRENT, handshake(TORRENT), 0, RC4);
        end.send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        end.send(ours.work().get().get());
        byte[] rest = end.take();
        ByteBuf in = Unpooled.wrappedBuffer(rest);

        ours.feed(in);
        byte[] answer = ByteBufUtil.getBytes(in);
        Outcome outcome = ours.outcome();
        assertThat(new String(rest, ISO_8859_1)).doesNotContain("BitTorrent protocol");
        outcome.decrypt().apply(Unpooled.wrappedBuffer(answer));

        assertThat(answer).startsWith(Handshake.protocol());
        end.wire.outbound().tryEmit(new Message.Interested());
        assertThat(end.take(outcome)).containsExactly(0, 0, 0, 1, 2);
        end.close();
    }

    @Test
    void plainHandshakesAreStillUnderstood() {
        for (byte[] part : List.of(handshake(TORRENT), Arrays.copyOf(handshake(TORRENT), 20))) {
            RawEnd end = dialling(PREFER_ENCRYPTED).send(part);
            if (part.length == 20) {
                assertThat(end.take()).isEmpty();
                end.send(Arrays.copyOfRange(handshake(TORRENT), 20, 68));
            }

            assertThat(end.wire.encryption()).isEmpty();
            assertThat(end.take()).startsWith(Handshake.protocol());
            end.close();
        }
    }

    // case 113
    @Test
    void aPlainHandshakeIsRefusedUnansweredWhereEncryptionIsRequired() {
        RawEnd end = dialling(REQUIRE).send(Arrays.copyOf(handshake(TORRENT), 20));

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void aServerWithoutEncryptionRefusesItOnTheFirstByte() {
        RawEnd end = dialling(PLAINTEXT_ONLY).send(new byte[] {0});

        assertThat(end.reason()).isEqualTo(Reason.NOT_BITTORRENT);
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void theHandshakeInsideMustBeForTheTorrentOfTheKey() {
        RawEnd end = dialling(REQUIRE);

        end.dialFor(OTHER, TORRENT);

        assertThat(end.reason()).isEqualTo(Reason.WRONG_INFO_HASH);
        assertThat(end.isClosed()).isTrue();
        end.close();
    }

    @Test
    void theAdmissionIsAskedWithTheHandshakeInside() {
        AtomicReference<@Nullable HandshakeStart> asked = new AtomicReference<>();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE, EncryptionKeys.of(TORRENT)).admit((theirs, from) -> {
                    asked.set(theirs);
                    return Mono.empty();
                }));
        Initiator ours = initiator(TORRENT, handshake(TORRENT), 0, RC4);
        end.send(ours.work().get().get());
        assertThat(asked.get()).isNull();
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        end.send(ours.work().get().get());

        assertThat(asked.get()).isNotNull();
        assertThat(asked.get().infoHash()).isEqualTo(TORRENT);
        assertThat(end.reason()).isEqualTo(Reason.NOT_ADMITTED);
        end.close();
    }

    @Test
    void aDialledPeerThatAnswersPlainIsNotMistaken() {
        RawEnd end = RawEnd.dialledBy(PREFER_ENCRYPTED).send(handshake(TORRENT));

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.failure).hasMessageContaining("plain handshake");
        assertThat(end.isClosed()).isTrue();
        end.take();
    }

    @Test
    void methodsAfterTheHandshakeAreOurChoice() {
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE.withMethods(PLAINTEXT, RC4), EncryptionKeys.of(TORRENT)));

        end.exchange(initiator(TORRENT, handshake(TORRENT), 0, RC4, PLAINTEXT));

        assertThat(end.wire.encryption()).contains(PLAINTEXT);
        end.close();
    }
}
