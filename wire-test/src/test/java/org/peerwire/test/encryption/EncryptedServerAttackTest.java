/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.EncryptionPolicy.PREFER_PLAINTEXT;
import static org.peerwire.EncryptionPolicy.REQUIRE;
import static org.peerwire.test.encryption.RawEnd.TORRENT;
import static org.peerwire.test.encryption.RawEnd.dialling;
import static org.peerwire.test.encryption.RawEnd.handshake;
import static org.peerwire.test.encryption.RawEnd.initiator;
import static org.peerwire.test.encryption.RawEnd.join;
import static org.peerwire.test.encryption.RawEnd.noise;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionKeys;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.KeyExchangeLimits;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.internal.encryption.Initiator;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Tests attacks on a server with encryption. */
class EncryptedServerAttackTest {
    private static final InfoHash UNKNOWN = InfoHash.parse("cc".repeat(20));

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

    // case 109
    @Test
    void a68_whoKnowsNoneOfOurTorrentsIsClosedUnanswered() {
        RawEnd end = dialling(PREFER_PLAINTEXT);

        end.dialFor(UNKNOWN, UNKNOWN);

        assertThat(end.reason()).isEqualTo(Reason.ENCRYPTION);
        assertThat(end.take()).isEmpty();
        assertThat(end.isClosed()).isTrue();
    }

    @Test
    void a68_aSilentServerLetsThemWait() {
        RawEnd end =
                RawEnd.dialling(server -> server.encryption(PREFER_PLAINTEXT.silent(), EncryptionKeys.of(TORRENT)));

        end.dialFor(UNKNOWN, UNKNOWN);
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
        ManualScheduler scheduler = new ManualScheduler();
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

    // one deadline covers every step
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

    /** A scheduler whose tasks the test runs manually. */
    private static final class ManualScheduler implements Scheduler {
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
        ManualScheduler scheduler = new ManualScheduler();
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
        ManualScheduler scheduler = new ManualScheduler();
        WireServer server = WireServer.create()
                .options(WireOptions.builder()
                        .encryptionScheduler(scheduler)
                        .keyExchangeLimits(new KeyExchangeLimits(1, 2))
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
    void aDisposedSchedulerFailsConnectionsWithBusy() {
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
        ManualScheduler scheduler = new ManualScheduler();
        RawEnd end = RawEnd.dialling(
                server -> server.encryption(REQUIRE, EncryptionKeys.of(TORRENT)),
                options -> options.encryptionScheduler(scheduler));
        end.send(noise(96));

        end.close();
        scheduler.workers.remove().run();

        assertThat(end.reason()).isEqualTo(Reason.CLOSED);
        assertThat(end.take()).isEmpty();
    }

    // case 112, in the other role
    @Test
    void a08_ourOwnKeyMayBeAnsweredByOneThatBeginsLikeAHandshake() {
        RawEnd end = RawEnd.dialledBy(REQUIRE);
        assertThat(end.take()).hasSizeGreaterThanOrEqualTo(96);

        end.send(join(Arrays.copyOf(Handshake.protocol(), 19), noise(77)));

        assertThat(end.failure).isNull();
        assertThat(end.take()).hasSizeGreaterThanOrEqualTo(20 + 20 + 16 + 68);
        end.close();
    }
}
