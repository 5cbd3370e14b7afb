/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Request;
import org.peerwire.test.FakeWire;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests of a fetch whose wire ends, or whose subscriber cancels, before and during each step. */
class InterruptedFetchTest {
    private static final byte[] INFO = Infos.ofLength(100_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final List<Throwable> dropped = new ArrayList<>();
    private final List<Object> results = new ArrayList<>();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final UtMetadata extension = UtMetadata.fetching();
    private final FakeWire wire = Wires.claim(Wires.open(HASH, extension), INFO.length);

    private final BaseSubscriber<Metadata> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnNext(Metadata value) {
            results.add(value);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            results.add(failure);
        }
    };

    @BeforeEach
    void hear() {
        Hooks.onErrorDropped(dropped::add);
        Hooks.onOperatorError("swallowed", (failure, value) -> {
            dropped.add(failure);
            return failure;
        });
    }

    @AfterEach
    void nothingIsDropped() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnOperatorError("swallowed");
        assertThat(dropped).isEmpty();
    }

    /** Returns each method of a wire or a scheduler that a fetch calls. */
    static Stream<Arguments> steps() {
        return Stream.of(
                        "createWorker",
                        "schedulePeriodically",
                        "extension",
                        "onClose",
                        "features",
                        "extendedHandshakes")
                .flatMap(method -> Stream.of(Arguments.of(method, true), Arguments.of(method, false)));
    }

    private Mono<Metadata> fetch(Wire wire, Interruption.Clock clock) {
        MetadataOptions options = MetadataOptions.builder().scheduler(clock).build();
        return UtMetadata.fetch(Flux.just(wire), InfoHashes.of(HASH), options);
    }

    private void assertFailed(Reason reason) {
        assertThat(results).singleElement().isInstanceOfSatisfying(MetadataException.class, failure -> assertThat(
                        failure.reason())
                .isEqualTo(reason));
    }

    private void assertNothingIsLeft(Interruption.Clock clock) {
        assertThat(clock.workersInUse()).isZero();
        assertThat(extension.channels.size()).isEqualTo(wire.isDisposed() ? 0 : wire.subscribers(UtMetadata.NAME));
        assertThat(wire.subscribers()).isEqualTo(2 * extension.channels.size());
    }

    // ---- the wire ends ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWireThatEndedBeforeTheFetchLeavesItWithoutPeers(boolean inOrder) {
        if (inOrder) {
            wire.end();
        } else {
            wire.fail(new IOException("reset"));
        }
        Interruption.Clock unused = new Interruption("none", true).around(clock);
        fetch(wire, unused).subscribe(subscriber);
        assertFailed(Reason.NO_PEERS);
        assertNothingIsLeft(unused);
        assertThat(Wires.takeSent(wire)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aWireThatEndsDuringAStepLeavesTheFetchWithoutPeers(String method, boolean before) {
        Interruption end = new Interruption(method, before);
        end.event(wire::end);
        Interruption.Clock interrupted = end.around(clock);
        fetch(end.around(wire), interrupted).subscribe(subscriber);
        assertThat(end.hasHappened).isTrue();
        assertFailed(Reason.NO_PEERS);
        assertNothingIsLeft(interrupted);
    }

    @Test
    void aWireThatEndsWhileARequestIsSentLeavesTheFetchWithoutPeers() {
        Interruption.Clock unused = new Interruption("none", true).around(clock);
        wire.onSend(UtMetadata.NAME, payload -> wire.end());
        fetch(wire, unused).subscribe(subscriber);
        assertFailed(Reason.NO_PEERS);
        assertThat(Wires.takeSent(wire)).containsExactly(new Request(0));
        assertNothingIsLeft(unused);
    }

    // ---- the subscriber cancels ----

    @Test
    void aSubscriberThatCancelsAtItsSubscriptionGetsNothing() {
        Interruption.Clock unused = new Interruption("none", true).around(clock);
        List<String> events = new ArrayList<>();
        MetadataOptions options = MetadataOptions.builder().scheduler(unused).build();
        Flux<Wire> candidates = Flux.<Wire>just(wire).doOnSubscribe(subscription -> events.add("subscribed"));
        UtMetadata.fetch(candidates, InfoHashes.of(HASH), options).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });
        assertThat(events).isEmpty();
        assertNothingIsLeft(unused);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aCancellationDuringAStepStopsEverything(String method, boolean before) {
        Interruption cancellation = new Interruption(method, before);
        cancellation.event(subscriber::cancel);
        Interruption.Clock interrupted = cancellation.around(clock);
        fetch(cancellation.around(wire), interrupted).subscribe(subscriber);
        assertThat(cancellation.hasHappened).isTrue();
        clock.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(results).isEmpty();
        assertThat(Wires.takeSent(wire)).isEmpty();
        assertNothingIsLeft(interrupted);
        wire.end();
        assertNothingIsLeft(interrupted);
    }

    @Test
    void aCancellationByTheSourceOfWiresStopsEverything() {
        Interruption.Clock unused = new Interruption("none", true).around(clock);
        Flux<Wire> candidates = Flux.defer(() -> {
            subscriber.cancel();
            return Flux.just(wire);
        });
        MetadataOptions options = MetadataOptions.builder().scheduler(unused).build();
        UtMetadata.fetch(candidates, InfoHashes.of(HASH), options).subscribe(subscriber);
        assertThat(results).isEmpty();
        assertThat(wire.subscribers()).isZero();
        assertNothingIsLeft(unused);
    }

    @Test
    void aCancellationWhileARequestIsSentStopsTheNextOnes() {
        Interruption.Clock unused = new Interruption("none", true).around(clock);
        wire.onSend(UtMetadata.NAME, payload -> subscriber.cancel());
        fetch(wire, unused).subscribe(subscriber);
        assertThat(Wires.takeSent(wire)).containsExactly(new Request(0));
        assertThat(results).isEmpty();
        assertNothingIsLeft(unused);
    }
}
