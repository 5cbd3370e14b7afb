/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Request;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class MetadataFetchTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] INFO = Infos.ofLength(100_000, 1);
    private static final byte[] POISON = Infos.ofLength(100_000, 2);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);
    private static final InfoHashes HASHES = InfoHashes.of(HASH);

    // ---- one wire ----

    @Test
    void getsTheMetadataOfARealTorrent() throws IOException {
        byte[] info = MetadataMessageTest.captured();
        InfoHash hash = InfoHash.parse("3de958b8be3a72e0cae9f577c9d1720152d4149f");
        FakeWire fake = FakeWire.with(hash, info.length, Swarm.honest(info));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .assertNext(metadata -> {
                    assertThat(metadata.info()).isEqualTo(info);
                    assertThat(metadata.hashes()).isEqualTo(InfoHashes.of(hash));
                    assertThat(metadata.torrent().info()).isEqualTo(info);
                })
                .expectComplete()
                .verify(LIMIT);
        assertThat(fake.sent).containsExactly(new Request(0), new Request(1));
        assertThat(fake.isHeard()).isFalse();
    }

    @Test
    void a59_checksATruncatedVersion2HashToo() {
        InfoHashV2 v2 = InfoHashes.sha256(INFO);
        FakeWire fake = FakeWire.with(v2.truncated(), INFO.length, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .assertNext(metadata -> assertThat(metadata.hashes()).isEqualTo(InfoHashes.of(v2)))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void asksNothingBeforeSubscriptionAndNothingAfterCancel() {
        FakeWire fake = FakeWire.with(HASH, INFO.length, Swarm.silent());
        Mono<Metadata> fetch = UtMetadata.fetch(fake.wire);
        assertThat(fake.isHeard()).isFalse();
        StepVerifier.withVirtualTime(() -> fetch)
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(5))
                .thenCancel()
                .verify(LIMIT);
        assertThat(fake.sent).hasSize(4);
        assertThat(fake.isHeard()).isFalse();
        assertThat(fake.handshakes.currentSubscriberCount()).isZero();
        assertThat(fake.end.currentSubscriberCount()).isOne(); // the guard, which goes with the wire
        fake.say(MetadataMessage.data(0, INFO));
        assertThat(fake.sent).hasSize(4);
    }

    @Test
    void waitsForAPeerThatHasNoMetadataYet() {
        FakeWire fake = FakeWire.with(HASH, -1, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(30))
                .then(() -> fake.shakeHands(0))
                .expectNoEvent(Duration.ofSeconds(30))
                .then(() -> assertThat(fake.sent).isEmpty())
                .then(() -> fake.shakeHands(INFO.length))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void givesUpOnAPeerWithoutMetadataAfterTwoMinutes() {
        FakeWire fake = FakeWire.with(HASH, 0, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(119))
                .thenAwait(Duration.ofSeconds(2))
                .expectErrorMatches(failsWith(Reason.UNSUPPORTED))
                .verify(LIMIT);
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void failsAtOnceWithoutTheExtensionProtocol() {
        FakeWire fake = new FakeWire(HASH, false);
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .expectErrorMatches(failsWith(Reason.UNSUPPORTED))
                .verify(LIMIT);
    }

    @Test
    void a48_failsAtOnceOverTheSizeLimit() {
        FakeWire fake = FakeWire.with(HASH, INFO.length, Swarm.honest(INFO));
        MetadataOptions options = MetadataOptions.defaults().withMaxSize(INFO.length - 1);
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire, options))
                .expectErrorMatches(failsWith(Reason.TOO_LARGE))
                .verify(LIMIT);
    }

    @Test
    void failsAtOnceOnWrongData() {
        FakeWire fake = FakeWire.with(HASH, INFO.length, Swarm.honest(POISON));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .expectErrorMatches(failsWith(Reason.INVALID))
                .verify(LIMIT);
    }

    @Test
    void failsWhenTheOnlyWireEnds() {
        FakeWire fake = FakeWire.with(HASH, INFO.length, Swarm.silent());
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(2))
                .then(fake::close)
                .expectErrorMatches(failsWith(Reason.NO_PEERS))
                .verify(LIMIT);
    }

    @Test
    void failsWhenTheWireDoesNotHaveTheExtension() {
        FakeWire fake = new FakeWire(HASH, true);
        Wire without = (Wire) Proxy.newProxyInstance(
                Wire.class.getClassLoader(), new Class<?>[] {Wire.class}, (self, method, arguments) -> {
                    if (method.getName().equals("extension")) {
                        throw new IllegalArgumentException("not there");
                    }
                    return method.getName().equals("hashCode") ? 1 : fake.wire.local();
                });
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(without))
                .expectError(IllegalArgumentException.class)
                .verify(LIMIT);
    }

    @Test
    void toleratesMessagesThatAreNoneAndUnknownTypes() {
        FakeWire fake = FakeWire.with(HASH, INFO.length, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(fake.wire).doOnSubscribe(s -> {
                    fake.shakeHands(0);
                }))
                .then(() -> IntStream.range(0, 100)
                        .forEach(i -> fake.say(Unpooled.wrappedBuffer("d8:msg_typei9ee".getBytes(US_ASCII)))))
                .then(() -> IntStream.range(0, 10).forEach(i -> fake.say(Unpooled.wrappedBuffer(new byte[] {1}))))
                .then(() -> fake.say(MetadataMessage.request(0)))
                .then(() -> fake.shakeHands(INFO.length))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    // ---- several wires ----

    @Test
    void a49_a54_sharesTheWorkAndLeavesLiarsAside() {
        FakeWire liar = FakeWire.with(HASH, INFO.length, Swarm.honest(POISON));
        FakeWire flapping = FakeWire.with(HASH, 5, Swarm.silent());
        FakeWire honest = FakeWire.with(HASH, INFO.length, Swarm.honest(INFO));
        Sinks.Many<Wire> candidates = Sinks.many().unicast().onBackpressureBuffer();
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(candidates.asFlux(), HASHES, MetadataOptions.defaults()))
                .then(() -> candidates.tryEmitNext(liar.wire))
                .then(() -> assertThat(liar.isHeard()).isFalse())
                .then(() -> candidates.tryEmitNext(flapping.wire))
                .then(() -> IntStream.range(6, 30).forEach(flapping::shakeHands))
                .then(() -> assertThat(flapping.isHeard()).isFalse())
                .thenAwait(Duration.ofSeconds(5))
                .then(() -> candidates.tryEmitNext(honest.wire))
                .assertNext(metadata -> assertThat(metadata.info()).isEqualTo(INFO))
                .expectComplete()
                .verify(LIMIT);
        assertThat(candidates.currentSubscriberCount()).isZero();
        assertThat(liar.sent).hasSize(7);
        assertThat(honest.sent).hasSize(7);
    }

    @Test
    void whatCameBeforeTheSourceOfWiresFailedStillCounts() {
        FakeWire fake = FakeWire.with(HASH, 0, Swarm.honest(INFO));
        Flux<Wire> failing = Flux.just(fake.wire).concatWith(Flux.error(new IOException("no route")));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(failing, HASHES, MetadataOptions.defaults()))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(1))
                .then(() -> fake.shakeHands(INFO.length))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void tellsWhyTheSourceOfWiresFailed() {
        Flux<Wire> failing = Flux.error(new IOException("no route"));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(failing, HASHES, MetadataOptions.defaults()))
                .expectErrorSatisfies(failure -> {
                    assertThat(failsWith(Reason.NO_PEERS).test(failure)).isTrue();
                    assertThat(failure).hasRootCauseMessage("no route").hasMessageContaining("no peers");
                    assertThat(failure.getStackTrace()).isEmpty();
                })
                .verify(LIMIT);
    }

    @Test
    void worksWithWiresOfManyThreads() {
        byte[] info = Infos.ofLength(3_000_000, 1);
        byte[] poison = Infos.ofLength(3_000_000, 2);
        InfoHash hash = InfoHashes.sha1(info);
        Scheduler loops = Schedulers.newParallel("loops", 4);
        try {
            List<FakeWire> wires = IntStream.range(0, 12)
                    .mapToObj(i -> {
                        FakeWire fake = new FakeWire(hash, true);
                        byte[] mine = i % 4 == 0 ? poison : info;
                        Scheduler.Worker loop = loops.createWorker();
                        fake.peer(message -> loop.schedule(
                                () -> fake.say(MetadataMessage.data((int) ((Request) message).piece(), mine))));
                        loop.schedule(() -> fake.shakeHands(info.length));
                        return fake;
                    })
                    .toList();
            Flux<Wire> candidates = Flux.fromIterable(wires).map(fake -> fake.wire);
            Metadata metadata = UtMetadata.fetch(candidates, InfoHashes.of(hash), MetadataOptions.defaults())
                    .block(Duration.ofSeconds(30));
            assertThat(metadata).isEqualTo(Metadata.of(info, InfoHashes.of(hash)));
        } finally {
            loops.dispose();
        }
    }

    private static Predicate<Throwable> failsWith(Reason reason) {
        return failure -> failure instanceof MetadataException exception && exception.reason() == reason;
    }
}
