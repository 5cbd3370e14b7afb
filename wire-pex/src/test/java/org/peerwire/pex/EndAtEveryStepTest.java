/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.say;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.ConnectionException;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Nothing remains if a wire, a swarm or a relay ends before an operation or at any of its steps. */
class EndAtEveryStepTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final CountingScheduler timers = new CountingScheduler(time);
    private final PexOptions options =
            PexOptions.builder().scheduler(timers).holdBelow(0).build();
    private final LocalPeer self = Wires.self(options).withExtension(UtHolepunch.create(options));

    /** The ways a wire ends. */
    enum Ending {
        IN_ORDER,
        WITH_AN_ERROR;

        void end(FakeWire wire) {
            if (this == IN_ORDER) {
                wire.end();
            } else {
                wire.fail(new ConnectionException(ConnectionException.Reason.FAILED, "reset"));
            }
        }
    }

    private FakeWire fake() {
        return introduce(Wires.dialled("81.2.69.142:6881", self));
    }

    /** Runs an operation on a wire that has ended, then on wires that end at each of its steps. */
    private void endAtEveryStep(Ending ending, Consumer<SteppedWire> operation) {
        for (int step = 0; ; step++) {
            FakeWire fake = fake();
            SteppedWire stepped = new SteppedWire(fake, step, () -> ending.end(fake));
            if (step == 0) {
                ending.end(fake);
            }
            operation.accept(stepped);
            assertThat(stepped.isOver() || fake.isDisposed()).isTrue();
            ending.end(fake);
            assertThat(fake.subscribers()).as("subscribers, step %d", step).isZero();
            assertThat(timers.pending()).as("timers, step %d", step).isZero();
            if (stepped.isOver()) {
                assertThat(step).as("steps").isGreaterThan(1);
                return;
            }
        }
    }

    /** Asserts that a publisher has ended when the operation has. */
    private void endsWithTheWire(Ending ending, Function<Wire, Publisher<?>> operation) {
        endAtEveryStep(ending, stepped -> {
            boolean[] ended = new boolean[1];
            Flux.from(operation.apply(stepped.wire))
                    .doFinally(end -> ended[0] = true)
                    .subscribe(value -> {}, error -> {});
            ending.end(stepped.fake());
            assertThat(ended[0]).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void eventsEndWithTheWire(Ending ending) {
        endsWithTheWire(ending, UtPex::events);
    }

    @ParameterizedTest
    @EnumSource
    void connectsEndWithTheWire(Ending ending) {
        endsWithTheWire(ending, UtHolepunch::connects);
    }

    @ParameterizedTest
    @EnumSource
    void aRendezvousEndsWithTheWire(Ending ending) {
        endsWithTheWire(ending, wire -> UtHolepunch.rendezvous(wire, nth(1)));
    }

    @ParameterizedTest
    @EnumSource
    void anAnnouncementEndsWithTheWire(Ending ending) {
        Sinks.Many<PeerEvent> swarm = Sinks.many().multicast().directBestEffort();
        endsWithTheWire(ending, wire -> UtPex.announce(wire, swarm.asFlux()));
        assertThat(swarm.currentSubscriberCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aSwarmDoesNotKeepAWireThatHasEnded(Ending ending) {
        PexSwarm swarm = PexSwarm.create(options);
        Set<InetSocketAddress> members = new HashSet<>();
        Set<InetSocketAddress> heard = new HashSet<>();
        swarm.members().subscribe(event -> follow(members, event));
        swarm.events().subscribe(event -> follow(heard, event));
        endAtEveryStep(ending, stepped -> {
            Disposable membership = swarm.join(stepped.wire);
            say(stepped.fake(), adding(added(1)));
            ending.end(stepped.fake());
            assertThat(membership.isDisposed()).isTrue();
            assertThat(members).isEmpty();
            assertThat(heard).isEmpty();
            assertThat(swarm.isEmpty()).isTrue();
        });
    }

    private static void follow(Set<InetSocketAddress> peers, PeerEvent event) {
        assertThat(event instanceof Added ? peers.add(event.peer()) || true : peers.remove(event.peer()))
                .isTrue();
    }

    @Test
    void aSwarmDoesNotAnnounceAWireThatHasEnded() {
        PexSwarm swarm = PexSwarm.create(options);
        List<PeerEvent> members = new ArrayList<>();
        swarm.members().subscribe(members::add);
        FakeWire wire = fake();
        wire.end();

        swarm.join(wire);

        assertThat(members).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRelayDoesNotKeepAWireThatHasEnded(Ending ending) {
        HolepunchRelay relay = HolepunchRelay.create(options);
        endAtEveryStep(ending, stepped -> {
            Disposable membership = relay.join(stepped.wire);
            ending.end(stepped.fake());
            assertThat(membership.isDisposed()).isTrue();
            assertThat(relay.isEmpty()).isTrue();
        });
    }

    // ---- the swarm or the relay is disposed meanwhile ----

    @Test
    void aSwarmDisposedWhileAWireJoinsKeepsNothing() {
        for (int step = 0; ; step++) {
            PexSwarm swarm = PexSwarm.create(options);
            List<@Nullable Object> ended = new ArrayList<>();
            Stream.<Flux<?>>of(
                            swarm.members(),
                            swarm.events(),
                            swarm.candidates(Comparator.comparing(InetSocketAddress::toString)))
                    .forEach(flux -> flux.subscribe(value -> {}, error -> {}, () -> ended.add(flux)));
            FakeWire fake = fake();
            SteppedWire stepped = new SteppedWire(fake, step, swarm::dispose);
            Disposable membership = swarm.join(stepped.wire);
            swarm.dispose();
            assertThat(ended).hasSize(3);
            assertThat(membership.isDisposed()).as("step %d", step).isTrue();
            assertThat(swarm.isEmpty()).isTrue();
            assertThat(fake.subscribers(UtPex.NAME)).as("step %d", step).isZero();
            assertThat(timers.pending()).isZero();
            assertThat(fake.isDisposed()).isFalse();
            if (step > 0 && stepped.isOver()) {
                return;
            }
        }
    }

    @Test
    void aRelayDisposedWhileAWireJoinsKeepsNothing() {
        for (int step = 0; ; step++) {
            HolepunchRelay relay = HolepunchRelay.create(options);
            FakeWire fake = fake();
            SteppedWire stepped = new SteppedWire(fake, step, relay::dispose);
            Disposable membership = relay.join(stepped.wire);
            relay.dispose();
            assertThat(membership.isDisposed()).as("step %d", step).isTrue();
            assertThat(relay.isEmpty()).isTrue();
            assertThat(fake.subscribers(UtHolepunch.NAME)).as("step %d", step).isZero();
            assertThat(fake.isDisposed()).isFalse();
            if (step > 0 && stepped.isOver()) {
                return;
            }
        }
    }

    @Test
    void aDisposedRelayKeepsNoAddress() {
        HolepunchRelay relay = HolepunchRelay.create(options);
        FakeWire wire = fake();
        relay.join(wire);
        Wires.sayHex(wire, UtHolepunch.NAME, "0000140207011ae1");

        relay.dispose();

        assertThat(relay.isEmpty()).isTrue();
    }

    @Test
    void candidatesOfADisposedSwarmEndWithoutATimer() {
        PexSwarm swarm = PexSwarm.create(options);
        swarm.dispose();
        boolean[] ended = new boolean[1];

        swarm.candidates(Comparator.comparing(InetSocketAddress::toString))
                .subscribe(found -> {}, error -> {}, () -> ended[0] = true);

        assertThat(ended[0]).isTrue();
        assertThat(timers.pending()).isZero();
    }

    // ---- another thread runs the mailbox ----

    @Test
    void aWireThatEndsWhileTheMailboxIsBusyIsNotKept() {
        PexSwarm swarm = PexSwarm.create(options);
        List<PeerEvent> members = new ArrayList<>();
        FakeWire wire = fake();
        FakeWire first = introduce(Wires.dialled("81.2.1.1:6881", options));
        swarm.join(first);
        swarm.events().subscribe(event -> {
            swarm.join(wire); // the mailbox runs this, so the entry of the wire waits
            wire.end();
        });
        say(first, adding(added(1)));
        swarm.members().subscribe(members::add);

        assertThat(members).hasSize(1);
        first.end();
        assertThat(swarm.isEmpty()).isTrue();
        time.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(timers.pending()).isZero();
    }

    @Test
    void aWireThatEndsOnAnotherThreadWhileItJoinsIsNotKept() throws InterruptedException {
        PexSwarm swarm = PexSwarm.create(options);
        HolepunchRelay relay = HolepunchRelay.create(options);
        ExecutorService other = Executors.newSingleThreadExecutor();
        for (int i = 0; i < 500; i++) {
            FakeWire wire = fake();
            other.execute(wire::end);
            swarm.join(wire);
            relay.join(wire);
        }
        other.shutdown();
        assertThat(other.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(swarm.isEmpty()).isTrue();
        assertThat(relay.isEmpty()).isTrue();
        assertThat(timers.pending()).isZero();
    }
}
