/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.EncryptionMethod.PLAINTEXT;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.EncryptionPolicy.PLAINTEXT_ONLY;
import static org.peerwire.EncryptionPolicy.PREFER_ENCRYPTED;
import static org.peerwire.EncryptionPolicy.PREFER_PLAINTEXT;
import static org.peerwire.EncryptionPolicy.REQUIRE;
import static org.peerwire.test.encryption.RawEnd.TORRENT;
import static org.peerwire.test.encryption.RawEnd.handshake;
import static org.peerwire.test.encryption.RawEnd.pads;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.internal.encryption.Exchange.Outcome;
import org.peerwire.internal.encryption.Initiator;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A server that understands encryption, and those who dial it. */
class EncryptedServerAttackTest {
    private static final byte[] UNCHOKE = {0, 0, 0, 1, 1};
    private static final InfoHash OTHER = InfoHash.parse("ff".repeat(20));

    private static RawEnd dialling(EncryptionPolicy policy) {
        return RawEnd.dialling(server -> server.encryption(policy, EncryptionKeys.of(OTHER, TORRENT)));
    }

    private static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Initiator initiator(InfoHash torrent, byte[] payload, int pads, EncryptionMethod... offered) {
        return new Initiator(torrent, List.of(offered), payload, pads(pads));
    }

    private static byte[] decrypted(RawEnd end, Outcome outcome) {
        byte[] bytes = end.take();
        outcome.decrypt().apply(Unpooled.wrappedBuffer(bytes));
        return bytes;
    }

    private static byte[] encrypted(Outcome outcome, byte[] bytes) {
        byte[] copy = bytes.clone();
        outcome.encrypt().apply(Unpooled.wrappedBuffer(copy));
        return copy;
    }

    // cases 106, 107: what is glued to the handshake inside is neither lost nor late
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

    // case 107: an empty IA, and the handshake behind it, byte by byte
    @ParameterizedTest
    @EnumSource(EncryptionMethod.class)
    void theHandshakeMayComeBehindTheExchange(EncryptionMethod method) {
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
        byte[] answer = method == RC4 ? decrypted(end, outcome) : end.take();
        assertThat(answer).startsWith(join(Handshake.protocol()));
        end.close();
    }

    // case 106: what the wire writes is encrypted from its handshake on
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
        assertThat(indexOf(rest, Handshake.protocol())).isNegative();
        outcome.decrypt().apply(Unpooled.wrappedBuffer(answer));

        assertThat(answer).startsWith(Handshake.protocol());
        end.wire.outbound().tryEmit(new Message.Interested());
        assertThat(decrypted(end, outcome)).containsExactly(0, 0, 0, 1, 2);
        end.close();
    }

    private static int indexOf(byte[] all, byte[] part) {
        return Collections.indexOfSubList(asList(all), asList(part));
    }

    private static List<Byte> asList(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }

    @Test
    void a08_allTwentyBytesDecide() {
        for (int same = 1; same < 20; same++) {
            RawEnd end = dialling(PREFER_PLAINTEXT);

            byte[] key = join(Arrays.copyOf(Handshake.protocol(), same), noise(96 - same));
            end.send(Arrays.copyOf(key, same)).send(Arrays.copyOfRange(key, same, 95));
            assertThat(end.take()).isEmpty();
            end.send(new byte[] {key[95]});

            assertThat(end.take()).hasSizeBetween(96, 96 + 512);
            end.close();
        }
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

    // nc host port < /dev/zero
    @Test
    void a60_zerosAreRefused() {
        RawEnd end = dialling(PREFER_PLAINTEXT).send(new byte[4096]);

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    // case 110
    @Test
    void a61_noiseIsReadNoFurtherThan628Bytes() {
        RawEnd end = dialling(PREFER_PLAINTEXT).send(noise(96));
        assertThat(end.take()).hasSizeBetween(96, 96 + 512);

        end.send(noise(531));
        assertThat(end.failure).isNull();
        end.send(new byte[1]);

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.failure).hasMessageContaining("628");
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void a61_moreThan608BytesAtOnceAreNotAnswered() {
        RawEnd end = dialling(PREFER_PLAINTEXT).send(noise(609));

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.take()).isEmpty();
    }

    @Test
    void a65_aWrongVcEndsTheConnection() {
        RawEnd end = dialling(REQUIRE);
        Initiator ours = initiator(TORRENT, handshake(TORRENT), 0, RC4);
        end.send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        byte[] third = ours.work().get().get();
        third[41] ^= 1;

        end.send(third);

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.failure).hasMessageContaining("VC");
        assertThat(end.take()).isEmpty();
    }

    private static void dialFor(RawEnd end, InfoHash torrent) {
        Initiator ours = initiator(torrent, handshake(torrent), 0, RC4);
        end.send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        end.send(ours.work().get().get());
    }

    // case 109
    @Test
    void a68_whoKnowsNoneOfOurTorrentsIsClosedUnanswered() {
        RawEnd end = dialling(PREFER_PLAINTEXT);

        dialFor(end, InfoHash.parse("cc".repeat(20)));

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void a68_aSilentServerLetsThemWait() {
        RawEnd end =
                RawEnd.dialling(server -> server.encryption(PREFER_PLAINTEXT.silent(), EncryptionKeys.of(TORRENT)));

        dialFor(end, InfoHash.parse("cc".repeat(20)));
        end.send(noise(100_000));
        end.clock.advanceTimeBy(Duration.ofMillis(9_999));

        assertThat(end.failure).isNull();
        assertThat(end.isClosed()).isFalse();
        end.clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(end.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void a68_aSilentServerDoesNotAnswerWhomItHasGivenUp() {
        ByHand scheduler = new ByHand();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE.silent(), EncryptionKeys.of(TORRENT)),
                options -> options.encryptionScheduler(scheduler));

        end.send(noise(96)).send(noise(513));
        scheduler.workers.remove().run();

        assertThat(end.take()).isEmpty();
        assertThat(end.failure).isNull();
        end.close();
    }

    @Test
    void a68_aSilentServerStillOpensWires() {
        RawEnd end = RawEnd.dialling(server -> server.encryption(REQUIRE.silent(), EncryptionKeys.of(TORRENT)));

        end.exchange(initiator(TORRENT, handshake(TORRENT), 0, RC4));

        assertThat(end.wire.encryption()).contains(RC4);
        end.close();
    }

    // one deadline, however far it has got
    @Test
    void a07_theDeadlineCoversTheEncryption() {
        RawEnd end = dialling(REQUIRE);
        end.clock.advanceTimeBy(Duration.ofSeconds(5));
        end.exchange(initiator(TORRENT, new byte[0], 7, RC4));
        end.clock.advanceTimeBy(Duration.ofMillis(4_999));
        assertThat(end.isClosed()).isFalse();

        end.clock.advanceTimeBy(Duration.ofMillis(1));

        assertThat(end.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void theHandshakeInsideMustBeForTheTorrentOfTheKey() {
        RawEnd end = dialling(REQUIRE);

        dialInside(end, OTHER, TORRENT);

        assertThat(end.reason()).isEqualTo(Reason.WRONG_INFO_HASH);
        assertThat(end.isClosed()).isTrue();
    }

    private static void dialInside(RawEnd end, InfoHash key, InfoHash inside) {
        Initiator ours = initiator(key, handshake(inside), 0, RC4);
        end.send(ours.work().get().get());
        ours.feed(Unpooled.wrappedBuffer(end.take()));
        end.send(ours.work().get().get());
    }

    @Test
    void theAdmissionIsAskedWithTheHandshakeInside() {
        AtomicReference<@Nullable Handshake> asked = new AtomicReference<>();
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
        assertThat(asked.get().peerId()).isEqualTo(RawEnd.PEER_ID);
        assertThat(end.reason()).isEqualTo(Reason.NOT_ADMITTED);
    }

    /** Workers that run when the test says so. */
    private static final class ByHand implements Scheduler {
        final ArrayDeque<Runnable> workers = new ArrayDeque<>();

        @Override
        public Disposable schedule(Runnable task) {
            workers.add(task);
            return Disposables.disposed();
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void a63_nothingIsComputedBefore96BytesHaveCome() {
        ByHand scheduler = new ByHand();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE, EncryptionKeys.of(TORRENT)),
                options -> options.encryptionScheduler(scheduler));

        end.send(noise(95));
        assertThat(scheduler.workers).isEmpty();
        end.send(noise(1));

        assertThat(scheduler.workers).hasSize(1);
        assertThat(end.take()).isEmpty();
        scheduler.workers.remove().run();
        assertThat(end.take()).hasSizeGreaterThanOrEqualTo(96);
        end.close();
    }

    @Test
    void a63_whoComesWhileTooManyWaitIsClosedWithATypedReason() {
        ByHand scheduler = new ByHand();
        WireServer server = WireServer.create()
                .options(WireOptions.builder()
                        .encryptionScheduler(scheduler)
                        .keyExchangesAtOnce(1)
                        .keyExchangesWaiting(2)
                        .build())
                .encryption(REQUIRE, EncryptionKeys.of(TORRENT));
        List<RawEnd> first = Stream.generate(() -> RawEnd.dialling(server).send(noise(96)))
                .limit(3)
                .toList();

        RawEnd oneMore = RawEnd.dialling(server).send(noise(96));

        assertThat(oneMore.reason()).isEqualTo(Reason.BUSY);
        assertThat(oneMore.isClosed()).isTrue();
        assertThat(scheduler.workers).hasSize(1);
        scheduler.workers.remove().run();
        assertThat(first).allSatisfy(end -> assertThat(end.take()).hasSizeGreaterThanOrEqualTo(96));
        RawEnd later = RawEnd.dialling(server).send(noise(96));
        assertThat(later.failure).isNull();
        first.forEach(RawEnd::close);
        later.close();
    }

    @Test
    void whereNothingIsComputedNobodyWaits() {
        Scheduler ended = Schedulers.newSingle("ended");
        ended.dispose();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE, EncryptionKeys.of(TORRENT)),
                options -> options.encryptionScheduler(ended));

        end.send(noise(96));

        assertThat(end.reason()).isEqualTo(Reason.BUSY);
    }

    @Test
    void whoLeavesWhileTheKeyIsComputedLeavesNothing() {
        ByHand scheduler = new ByHand();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE, EncryptionKeys.of(TORRENT)),
                options -> options.encryptionScheduler(scheduler));
        end.send(noise(96));

        end.close();
        scheduler.workers.remove().run();

        assertThat(end.reason()).isEqualTo(Reason.CLOSED);
        assertThat(end.take()).isEmpty();
    }

    // case 112: in the other role
    @Test
    void a08_ourOwnKeyMayBeAnsweredByOneThatBeginsLikeAHandshake() {
        RawEnd end = RawEnd.dialledBy(REQUIRE);
        assertThat(end.take()).hasSizeGreaterThanOrEqualTo(96);

        end.send(join(Arrays.copyOf(Handshake.protocol(), 19), noise(77)));

        assertThat(end.failure).isNull();
        assertThat(end.take()).hasSizeGreaterThanOrEqualTo(20 + 20 + 16 + 68);
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
    void methodsBehindTheHandshakeAreOurChoice() {
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE.withMethods(PLAINTEXT, RC4), EncryptionKeys.of(TORRENT)));

        end.exchange(initiator(TORRENT, handshake(TORRENT), 0, RC4, PLAINTEXT));

        assertThat(end.wire.encryption()).contains(PLAINTEXT);
        end.close();
    }
}
