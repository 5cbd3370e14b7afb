/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionPolicy;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Tests wires that end before or while the swarm enters them. The wires are in memory, the swarm's thread is a queue.
 */
class SwarmEndTest {
    private static final InfoHash TORRENT = InfoHash.parse("01".repeat(20));
    private static final PeerId US = id("us");
    private static final InetSocketAddress PEER_ADDRESS = TestData.local(6881);

    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final Scheduler loop = Schedulers.fromExecutor(queue::add);
    private final List<SwarmEvent> events = new ArrayList<>();
    private final List<Wire> served = new ArrayList<>();
    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void dispose() {
        open.dispose();
    }

    private static PeerId id(String name) {
        return PeerId.parse("-SP0001-" + "%12s".formatted(name).replace(' ', '0'));
    }

    private Swarm swarm(int maxPeers) {
        return swarm(maxPeers, loop);
    }

    private Swarm swarm(int maxPeers, Scheduler thread, InetSocketAddress... peers) {
        SwarmSettings settings = SwarmSettings.dialling(List.of(peers))
                .withDiscovering(false)
                .withMaxPeers(maxPeers)
                .withPatience(Patience.UNLIMITED)
                .withEncryption(EncryptionPolicy.PLAINTEXT_ONLY);
        Swarm.Session session = wire -> {
            served.add(wire);
            return Mono.never();
        };
        return new Swarm(
                settings, InfoHashes.of(TORRENT), port -> LocalPeer.of(TORRENT, US), session, events::add, thread);
    }

    private Wire wireTo(PeerId peer) {
        WirePair pair = WirePair.open(LocalPeer.of(TORRENT, US), LocalPeer.of(TORRENT, peer));
        open.add(pair);
        return pair.initiator();
    }

    private Wire wireFrom(PeerId peer) {
        WirePair pair = WirePair.open(LocalPeer.of(TORRENT, peer), LocalPeer.of(TORRENT, US));
        open.add(pair);
        return pair.responder();
    }

    private void accept(Swarm swarm, Wire wire) {
        open.add(swarm.converse(wire, null).subscribe());
    }

    private void dial(Swarm swarm, Wire wire) {
        open.add(swarm.converse(wire, PEER_ADDRESS).subscribe());
    }

    /** Runs all tasks that wait for the swarm's thread. */
    private void run() {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
    }

    private <T extends SwarmEvent> List<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void aWireThatEndedBeforeItWasEnteredDoesNotReplaceAnOpenOne() {
        Swarm swarm = swarm(10);
        PeerId peer = id("a"); // the greater id, which is ours, keeps the wire it dialled
        Wire accepted = wireFrom(peer);
        accept(swarm, accepted);
        run();

        Wire dialled = wireTo(peer);
        dialled.dispose();
        dial(swarm, dialled);
        run();

        assertThat(swarm.wires()).containsExactly(accepted);
        assertThat(accepted.isDisposed()).isFalse();
    }

    @Test
    void aPeerThatConnectsAgainIsNotRefusedForItsEndedWire() {
        Swarm swarm = swarm(10);
        Wire first = wireFrom(id("a"));
        accept(swarm, first);
        run();

        Wire second = wireFrom(id("a"));
        accept(swarm, second);
        first.dispose();
        run();

        assertThat(swarm.wires()).containsExactly(second);
        assertThat(second.isDisposed()).isFalse();
    }

    @Test
    void anEndedWireDoesNotCountAgainstTheMaximum() {
        Swarm swarm = swarm(1);
        Wire first = wireFrom(id("a"));
        accept(swarm, first);
        run();

        Wire second = wireFrom(id("b"));
        accept(swarm, second);
        first.dispose();
        run();

        assertThat(swarm.wires()).containsExactly(second);
    }

    @Test
    void aWireThatEndedBeforeItWasEnteredIsNotKept() {
        Swarm swarm = swarm(1);
        Wire ended = wireTo(id("a"));
        ended.dispose();
        dial(swarm, ended);
        run();

        assertThat(swarm.wires()).isEmpty();
        assertThat(seen(SwarmEvent.Disconnected.class)).hasSize(1);
    }

    @Test
    void aPeerDroppedAfterItsWireHasEndedLosesItsNewWire() {
        Swarm swarm = swarm(10);
        Wire first = wireFrom(id("a"));
        accept(swarm, first);
        first.dispose();
        run();
        Wire second = wireFrom(id("a"));
        accept(swarm, second);
        run();

        swarm.drop(first, "it sent a bad piece");
        run();

        assertThat(second.isDisposed()).isTrue();
        assertThat(swarm.wires()).isEmpty();
        assertThat(seen(SwarmEvent.Dropped.class)).hasSize(1);
        assertThat(seen(SwarmEvent.Disconnected.class))
                .hasSize(1); // of the first wire; the second one is reported as dropped
    }

    @Test
    void aConnectThatCompletesAfterTheStopIsNotServed() {
        Swarm swarm = swarm(10);
        swarm.close().subscribe();
        run();

        Wire late = wireTo(id("a"));
        dial(swarm, late);
        run();

        assertThat(served).isEmpty();
        assertThat(late.isDisposed()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void nothingIsDialledAfterTheStop() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        List<Integer> dials = new ArrayList<>();
        InetSocketAddress[] peers =
                IntStream.range(1, 11).mapToObj(TestData::local).toArray(InetSocketAddress[]::new);
        SwarmSettings settings = SwarmSettings.dialling(List.of(peers));
        Swarm swarm = new Swarm(
                settings,
                InfoHashes.of(TORRENT),
                port -> {
                    dials.add(port);
                    return LocalPeer.of(TORRENT, US);
                },
                wire -> Mono.never(),
                events::add,
                clock);
        open.add(swarm.run().onErrorComplete().subscribe());
        int before = dials.size();

        swarm.close().subscribe();
        clock.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(before).isPositive();
        assertThat(dials).hasSize(before);
    }

    @Test
    void aWireShorterThanATickIsAContact() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        List<Throwable> failures = new ArrayList<>();
        Swarm swarm = new Swarm(
                SwarmSettings.dialling(List.of(PEER_ADDRESS)).withPatience(Patience.of(Duration.ofSeconds(30))),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                wire -> Mono.never(),
                events::add,
                clock);
        open.add(swarm.run().subscribe(null, failures::add));

        for (int i = 0; i < 4; i++) {
            clock.advanceTimeBy(Duration.ofMillis(20_100)); // between two ticks of 250 ms
            Wire wire = wireFrom(id("a" + i));
            accept(swarm, wire);
            clock.advanceTimeBy(Duration.ofMillis(1));
            wire.dispose();
            clock.advanceTimeBy(Duration.ofMillis(1));
        }
        assertThat(failures).isEmpty();

        clock.advanceTimeBy(Duration.ofSeconds(31));
        assertThat(failures).hasSize(1);
    }

    @Test
    void aPeerThatWasConnectedIsWaitedForLongerThanOneThatWasNot() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        List<Throwable> failures = new ArrayList<>();
        Swarm swarm = new Swarm(
                SwarmSettings.dialling(List.of(PEER_ADDRESS)),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                wire -> Mono.never(),
                events::add,
                clock);
        open.add(swarm.run().subscribe(null, failures::add));
        clock.advanceTimeBy(Duration.ofSeconds(29));
        Wire wire = wireFrom(id("a"));
        accept(swarm, wire);
        clock.advanceTimeBy(Duration.ofMillis(1));
        wire.dispose();

        clock.advanceTimeBy(Duration.ofSeconds(119));
        assertThat(failures).isEmpty();

        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(failures)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .startsWith("no peer has been connected for 120 s");
    }

    @Test
    void aPeerThatWasNeverReachedIsGivenUpAfter30s() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        List<Throwable> failures = new ArrayList<>();
        Swarm swarm = new Swarm(
                SwarmSettings.dialling(List.of(PEER_ADDRESS)),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                wire -> Mono.never(),
                events::add,
                clock);
        open.add(swarm.run().subscribe(null, failures::add));

        clock.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(failures).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(failures).hasSize(1);
    }

    @Test
    void aFailedSessionIsTheReasonOfTheEnd() {
        Swarm swarm = new Swarm(
                SwarmSettings.dialling(List.of()),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                wire -> Mono.error(new SwarmException("the disk is full")),
                events::add,
                loop);
        open.add(swarm.converse(wireTo(id("a")), PEER_ADDRESS).subscribe(null, error -> {}));
        run();

        assertThat(seen(SwarmEvent.Disconnected.class))
                .extracting(SwarmEvent.Disconnected::reason)
                .containsExactly("the disk is full");
    }
}
