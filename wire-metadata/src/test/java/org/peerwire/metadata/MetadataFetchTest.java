/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Request;
import org.peerwire.test.FakeWire;
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
        FakeWire wire = Wires.answering(hash, info.length, Swarm.honest(info));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .assertNext(metadata -> {
                    assertThat(metadata.info()).isEqualTo(info);
                    assertThat(metadata.hashes()).isEqualTo(InfoHashes.of(hash));
                    assertThat(metadata.torrent().info()).isEqualTo(info);
                })
                .expectComplete()
                .verify(LIMIT);
        assertThat(Wires.takeSent(wire)).containsExactly(new Request(0), new Request(1));
        assertThat(Wires.isHeard(wire)).isFalse();
    }

    @Test
    void a59_checksATruncatedVersion2HashToo() {
        InfoHashV2 v2 = InfoHashes.sha256(INFO);
        FakeWire wire = Wires.answering(v2.truncated(), INFO.length, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .assertNext(metadata -> assertThat(metadata.hashes()).isEqualTo(InfoHashes.of(v2)))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void asksNothingBeforeSubscriptionAndNothingAfterCancel() {
        FakeWire wire = Wires.answering(HASH, INFO.length, Swarm.silent());
        Mono<Metadata> fetch = UtMetadata.fetch(wire);
        assertThat(Wires.isHeard(wire)).isFalse();
        StepVerifier.withVirtualTime(() -> fetch)
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(5))
                .thenCancel()
                .verify(LIMIT);
        assertThat(Wires.takeSent(wire)).hasSize(4);
        assertThat(wire.subscribers()).isEqualTo(2); // the channel stays: messages and end of the wire
        Wires.say(wire, MetadataMessage.data(0, INFO));
        assertThat(Wires.takeSent(wire)).isEmpty();
    }

    @Test
    void waitsForAPeerThatHasNoMetadataYet() {
        FakeWire wire = Wires.answering(HASH, -1, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(30))
                .then(() -> Wires.claim(wire, 0))
                .expectNoEvent(Duration.ofSeconds(30))
                .then(() -> assertThat(Wires.takeSent(wire)).isEmpty())
                .then(() -> Wires.claim(wire, INFO.length))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void givesUpOnAPeerWithoutMetadataAfterTwoMinutes() {
        FakeWire wire = Wires.answering(HASH, 0, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(119))
                .thenAwait(Duration.ofSeconds(2))
                .expectErrorMatches(failsWith(Reason.UNSUPPORTED))
                .verify(LIMIT);
        assertThat(Wires.takeSent(wire)).isEmpty();
    }

    @Test
    void failsAtOnceWithoutTheExtensionProtocol() {
        FakeWire wire = Wires.withoutExtensionProtocol(HASH);
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .expectErrorMatches(failsWith(Reason.UNSUPPORTED))
                .verify(LIMIT);
    }

    @Test
    void a48_failsAtOnceOverTheSizeLimit() {
        FakeWire wire = Wires.answering(HASH, INFO.length, Swarm.honest(INFO));
        MetadataOptions options =
                MetadataOptions.builder().maxSize(INFO.length - 1).build();
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire, options))
                .expectErrorMatches(failsWith(Reason.TOO_LARGE))
                .verify(LIMIT);
    }

    @Test
    void failsAtOnceOnWrongData() {
        FakeWire wire = Wires.answering(HASH, INFO.length, Swarm.honest(POISON));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .expectErrorMatches(failsWith(Reason.INVALID))
                .verify(LIMIT);
    }

    @Test
    void failsWhenTheOnlyWireEnds() {
        FakeWire wire = Wires.answering(HASH, INFO.length, Swarm.silent());
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(2))
                .then(wire::end)
                .expectErrorMatches(failsWith(Reason.NO_PEERS))
                .verify(LIMIT);
    }

    @Test
    void failsWhenTheWireDoesNotHaveTheExtension() {
        Wire without = FakeWire.of(LocalPeer.of(HASH, PeerId.random()));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(without))
                .expectError(IllegalArgumentException.class)
                .verify(LIMIT);
    }

    @Test
    void toleratesMalformedMessagesAndUnknownTypes() {
        FakeWire wire = Wires.answering(HASH, INFO.length, Swarm.honest(INFO));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(wire).doOnSubscribe(s -> {
                    Wires.claim(wire, 0);
                }))
                .then(() -> IntStream.range(0, 100).forEach(i -> Wires.say(wire, "d8:msg_typei9ee")))
                .then(() -> IntStream.range(0, 10).forEach(i -> Wires.say(wire, "\1")))
                .then(() -> Wires.say(wire, MetadataMessage.request(0)))
                .then(() -> Wires.claim(wire, INFO.length))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    // ---- several wires ----

    @Test
    void a49_a54_sharesTheWorkAndLeavesLiarsAside() {
        FakeWire liar = Wires.answering(HASH, INFO.length, Swarm.honest(POISON));
        FakeWire flapping = Wires.answering(HASH, 5, Swarm.silent());
        FakeWire honest = Wires.answering(HASH, INFO.length, Swarm.honest(INFO));
        Sinks.Many<Wire> candidates = Sinks.many().unicast().onBackpressureBuffer();
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(candidates.asFlux(), HASHES, MetadataOptions.defaults()))
                .then(() -> candidates.tryEmitNext(liar))
                .then(() -> assertThat(Wires.isHeard(liar)).isFalse())
                .then(() -> candidates.tryEmitNext(flapping))
                .then(() -> IntStream.range(6, 30).forEach(size -> Wires.claim(flapping, size)))
                .then(() -> assertThat(Wires.isHeard(flapping)).isFalse())
                .thenAwait(Duration.ofSeconds(5))
                .then(() -> candidates.tryEmitNext(honest))
                .assertNext(metadata -> assertThat(metadata.info()).isEqualTo(INFO))
                .expectComplete()
                .verify(LIMIT);
        assertThat(candidates.currentSubscriberCount()).isZero();
        assertThat(Wires.takeSent(liar)).hasSize(7);
        assertThat(Wires.takeSent(honest)).hasSize(7);
    }

    @Test
    void wiresFromBeforeTheFailureOfTheirSourceStillCount() {
        FakeWire wire = Wires.answering(HASH, 0, Swarm.honest(INFO));
        Flux<Wire> failing = Flux.<Wire>just(wire).concatWith(Flux.error(new IOException("no route")));
        StepVerifier.withVirtualTime(() -> UtMetadata.fetch(failing, HASHES, MetadataOptions.defaults()))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(1))
                .then(() -> Wires.claim(wire, INFO.length))
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
                        FakeWire wire = Wires.open(hash, UtMetadata.fetching());
                        byte[] mine = i % 4 == 0 ? poison : info;
                        Scheduler.Worker loop = loops.createWorker();
                        wire.onSend(UtMetadata.NAME, payload -> {
                            Request request = (Request) Wires.decode(payload);
                            loop.schedule(() -> Wires.say(wire, MetadataMessage.data((int) request.piece(), mine)));
                        });
                        loop.schedule(() -> Wires.claim(wire, info.length));
                        return wire;
                    })
                    .toList();
            Flux<FakeWire> candidates = Flux.fromIterable(wires);
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
