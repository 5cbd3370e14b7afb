/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests of serving a wire that ends, or for a subscriber that cancels, before and during each step. */
class InterruptedServeTest {
    private static final byte[] INFO = Infos.ofLength(40_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final List<Throwable> dropped = new ArrayList<>();
    private final List<Object> ends = new ArrayList<>();
    private final MetadataOptions options =
            MetadataOptions.builder().scheduler(VirtualTimeScheduler.create()).build();
    private final UtMetadata extension = UtMetadata.fetching();
    private final FakeWire wire = opened();

    private final BaseSubscriber<Void> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnComplete() {
            ends.add("completed");
        }

        @Override
        protected void hookOnError(Throwable failure) {
            ends.add(failure);
        }
    };

    @BeforeEach
    void hear() {
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void nothingIsDropped() {
        Hooks.resetOnErrorDropped();
        assertThat(dropped).isEmpty();
    }

    /** Returns a wire whose extended handshake was sent without a size. */
    private FakeWire opened() {
        extension.advertise(ExtendedHandshake.builder());
        return Wires.listed(HASH, extension);
    }

    /** Returns each method of a wire that serving calls before the metadata is known. */
    static Stream<Arguments> steps() {
        return Stream.of("extension", "torrent", "features", "onClose")
                .flatMap(method -> Stream.of(Arguments.of(method, true), Arguments.of(method, false)));
    }

    private void assertNothingIsLeft() {
        assertThat(wire.subscribers()).isZero();
        assertThat(extension.channels.size()).isZero();
        assertThat(extension.early.size()).isZero();
    }

    // ---- the wire ends ----

    @Test
    void servingAWireThatHasEndedCompletes() {
        wire.end();
        extension.serve(wire, options).subscribe(subscriber);
        assertThat(ends).containsExactly("completed");
        assertNothingIsLeft();
    }

    @Test
    void servingAWireThatHasFailedFails() {
        IOException cause = new IOException("reset");
        wire.fail(cause);
        extension.serve(wire, options).subscribe(subscriber);
        assertThat(ends).containsExactly(cause);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void servingAWireThatEndsDuringAStepCompletes(String method, boolean before) {
        Interruption end = new Interruption(method, before);
        end.event(wire::end);
        extension.serve(end.around(wire), options).subscribe(subscriber);
        assertThat(end.hasHappened).isTrue();
        assertThat(ends).containsExactly("completed");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("beforeAndAfter")
    void servingAWireThatEndsWhileItIsToldTheSizeCompletes(boolean before) {
        Interruption end = new Interruption("readvertise", before);
        end.event(wire::end);
        extension.serve(end.around(wire), options).subscribe(subscriber);
        extension.provide(INFO);
        assertThat(end.hasHappened).isTrue();
        assertThat(ends).containsExactly("completed");
        assertNothingIsLeft();
    }

    static Stream<Boolean> beforeAndAfter() {
        return Stream.of(true, false);
    }

    @Test
    void servingAWireThatEndsWhileItsPeerDoesNotReadCompletes() {
        extension.serve(wire, options).subscribe(subscriber);
        wire.stopReading();
        extension.provide(INFO);
        Wires.say(wire, MetadataMessage.request(0));
        Wires.say(wire, MetadataMessage.request(1));
        assertThat(ends).isEmpty();
        wire.end();
        assertThat(ends).containsExactly("completed");
        assertThat(Wires.takeSent(wire)).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void servingAWireTwiceAfterItsEndLeavesNoOtherPeerWithoutTheSize() {
        FakeWire other = opened();
        wire.end();
        extension.serve(wire, options).subscribe();
        extension.serve(wire, options).subscribe();
        extension.provide(INFO);
        extension.serve(other, options).subscribe();
        assertThat(other.readvertised()).hasSize(1);
    }

    @Test
    void servingAWireAgainAfterItsEndLeavesNoOtherPeerWithoutTheSize() {
        FakeWire other = opened();
        extension.serve(wire, options).subscribe();
        wire.end();
        extension.serve(wire, options).subscribe();
        extension.provide(INFO);
        extension.serve(other, options).subscribe();
        assertThat(other.readvertised()).hasSize(1);
    }

    // ---- the subscriber cancels ----

    @ParameterizedTest
    @MethodSource("steps")
    void aCancellationDuringAStepStopsServing(String method, boolean before) {
        Interruption cancellation = new Interruption(method, before);
        cancellation.event(subscriber::cancel);
        Wire interrupted = cancellation.around(wire);
        extension.serve(interrupted, options).subscribe(subscriber);
        assertThat(cancellation.hasHappened).isTrue();
        extension.provide(INFO);
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).isEmpty();
        assertThat(wire.readvertised()).isEmpty();
        assertThat(ends).isEmpty();
        assertThat(Wires.isHeard(wire)).isFalse();
        wire.end();
        assertThat(ends).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void aCancellationWhileThePeerDoesNotReadStopsServing() {
        extension.serve(wire, options).subscribe(subscriber);
        extension.provide(INFO);
        wire.stopReading();
        Wires.say(wire, MetadataMessage.request(0));
        Wires.say(wire, MetadataMessage.request(1));
        subscriber.cancel();
        wire.startReading();
        assertThat(Wires.takeSent(wire)).hasSize(1);
        assertThat(Wires.isHeard(wire)).isFalse();
        wire.end();
        assertNothingIsLeft();
    }

    // ---- the metadata arrives ----

    @ParameterizedTest
    @MethodSource("steps")
    void metadataThatComesDuringAStepIsToldAndServed(String method, boolean before) {
        Interruption provided = new Interruption(method, before);
        provided.event(() -> extension.provide(INFO));
        extension.serve(provided.around(wire), options).subscribe(subscriber);
        assertThat(provided.hasHappened).isTrue();
        assertThat(wire.readvertised()).hasSize(1);
        Wires.say(wire, MetadataMessage.request(0));
        assertThat(Wires.takeSent(wire)).hasSize(1).allMatch(MetadataMessage.Data.class::isInstance);
    }
}
