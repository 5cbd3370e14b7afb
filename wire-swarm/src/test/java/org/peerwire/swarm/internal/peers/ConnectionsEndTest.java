/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tests wires that end before or while they are entered. The wires are in memory, the swarm's thread is a queue.
 */
class ConnectionsEndTest {
    private static final InfoHash TORRENT = DialWorld.TORRENT;
    private static final PeerId US = DialWorld.US;
    private static final InetSocketAddress PEER_ADDRESS = DialWorld.local(6881);

    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final Scheduler loop = Schedulers.fromExecutor(queue::add);
    private final List<SwarmEvent> events = new ArrayList<>();
    private final HostState host = new HostState(HostSettings.DEFAULT);
    private final List<Wire> served = new ArrayList<>();
    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void dispose() {
        open.dispose();
        assertThat(host.wires()).isZero();
    }

    private static PeerId id(String name) {
        return DialWorld.id(name);
    }

    private Connections connections(int maxWires) {
        return connections(maxWires, wire -> {
            served.add(wire);
            return Mono.never();
        });
    }

    private Connections connections(int maxWires, Connections.Session session) {
        return new Connections(
                new SwarmLoop(loop),
                host,
                SwarmOptions.builder().maxWires(maxWires).build(),
                new Random(1),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                session,
                events::add);
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

    private void accept(Connections connections, Wire wire) {
        open.add(connections.converse(wire, null, () -> true).subscribe());
    }

    private void dial(Connections connections, Wire wire) {
        open.add(connections.converse(wire, PEER_ADDRESS, () -> true).subscribe());
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
        Connections connections = connections(10);
        PeerId peer = id("a"); // the greater id, which is ours, keeps the wire it dialled
        Wire accepted = wireFrom(peer);
        accept(connections, accepted);
        run();

        Wire dialled = wireTo(peer);
        dialled.dispose();
        dial(connections, dialled);
        run();

        assertThat(connections.wires()).containsExactly(accepted);
        assertThat(accepted.isDisposed()).isFalse();
    }

    @Test
    void aPeerThatConnectsAgainIsNotRefusedForItsEndedWire() {
        Connections connections = connections(10);
        Wire first = wireFrom(id("a"));
        accept(connections, first);
        run();

        Wire second = wireFrom(id("a"));
        accept(connections, second);
        first.dispose();
        run();

        assertThat(connections.wires()).containsExactly(second);
        assertThat(second.isDisposed()).isFalse();
    }

    @Test
    void anEndedWireDoesNotCountAgainstTheMaximum() {
        Connections connections = connections(1);
        Wire first = wireFrom(id("a"));
        accept(connections, first);
        run();

        Wire second = wireFrom(id("b"));
        accept(connections, second);
        first.dispose();
        run();

        assertThat(connections.wires()).containsExactly(second);
    }

    @Test
    void aWireThatEndedBeforeItWasEnteredIsNotKept() {
        Connections connections = connections(1);
        Wire ended = wireTo(id("a"));
        ended.dispose();
        dial(connections, ended);
        run();

        assertThat(connections.wires()).isEmpty();
        assertThat(seen(SwarmEvent.Disconnected.class)).hasSize(1);
    }

    @Test
    void aPeerBannedAfterItsWireHasEndedLosesItsNewWire() {
        Connections connections = connections(10);
        Wire first = wireFrom(id("a"));
        accept(connections, first);
        first.dispose();
        run();
        Wire second = wireFrom(id("a"));
        accept(connections, second);
        run();

        connections.ban(first, "it sent a bad piece");
        run();

        assertThat(second.isDisposed()).isTrue();
        assertThat(connections.wires()).isEmpty();
        assertThat(seen(SwarmEvent.Banned.class)).hasSize(1);
        assertThat(seen(SwarmEvent.Disconnected.class))
                .hasSize(1); // of the first wire; the second one is reported as banned
    }

    @Test
    void aConnectThatCompletesAfterTheStopIsNotServed() {
        Connections connections = connections(10);
        connections.close(Duration.ofSeconds(1)).subscribe();
        run();

        Wire late = wireTo(id("a"));
        dial(connections, late);
        run();

        assertThat(served).isEmpty();
        assertThat(late.isDisposed()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void aFailedSessionIsTheReasonOfTheEnd() {
        Connections connections = connections(1, wire -> Mono.error(new IllegalStateException("the disk is full")));
        dial(connections, wireTo(id("a")));
        run();

        assertThat(seen(SwarmEvent.Disconnected.class))
                .extracting(SwarmEvent.Disconnected::reason)
                .containsExactly("the disk is full");
    }

    @Test
    void aSessionThatThrowsIsOneThatFails() {
        Connections connections = connections(1, wire -> {
            throw new IllegalStateException("the disk is full");
        });
        Wire wire = wireTo(id("a"));
        dial(connections, wire);
        run();

        assertThat(wire.isDisposed()).isTrue();
        assertThat(seen(SwarmEvent.Disconnected.class))
                .extracting(SwarmEvent.Disconnected::reason)
                .containsExactly("the disk is full");
    }

    @Test
    void aSessionThatCompletesLeavesTheWireOpen() {
        Connections connections = connections(1, wire -> Mono.empty());
        Wire wire = wireTo(id("a"));
        dial(connections, wire);
        run();

        assertThat(connections.wires()).containsExactly(wire);
    }

    @Test
    void theEndOfTheWireCancelsTheSession() {
        AtomicInteger cancelled = new AtomicInteger();
        Connections connections = connections(1, wire -> Mono.<Void>never().doOnCancel(cancelled::incrementAndGet));
        Wire wire = wireTo(id("a"));
        dial(connections, wire);
        run();
        wire.dispose();

        assertThat(cancelled).hasValue(1);
    }

    @Test
    void aPeerBannedByItsIdIsRefusedAtEachAddress() {
        Connections connections = connections(10);
        Wire first = wireFrom(id("a"));
        accept(connections, first);
        run();
        connections.ban(id("a"), "it floods");
        connections.ban(id("a"), "it floods");
        connections.ban(first, "it floods");
        run();

        Wire second = wireTo(id("a"));
        dial(connections, second);
        Wire third = wireFrom(id("a"));
        accept(connections, third);
        Wire other = wireFrom(id("b"));
        accept(connections, other);
        run();

        assertThat(List.of(first.isDisposed(), second.isDisposed(), third.isDisposed()))
                .containsOnly(true);
        assertThat(connections.wires()).containsExactly(other);
        assertThat(seen(SwarmEvent.Banned.class))
                .containsExactly(new SwarmEvent.Banned(Addresses.of(first), id("a"), "it floods"));
        connections.add(PEER_ADDRESS, PeerSource.USER);
        assertThat(connections.known()).as("the dialled address").isZero();
    }

    @Test
    void aPeerThatIsNotConnectedCanBeBanned() {
        Connections connections = connections(10);
        connections.ban(id("a"), "the user says so");
        accept(connections, wireFrom(id("a")));
        run();

        assertThat(connections.wires()).isEmpty();
        assertThat(connections.banned()).isEqualTo(1);
        assertThat(seen(SwarmEvent.Banned.class)).hasSize(1);
    }

    @Test
    void aWireWhoseDialWasCancelledIsClosed() {
        Connections connections = connections(10);
        Wire late = wireTo(id("a"));
        open.add(connections.converse(late, PEER_ADDRESS, () -> false).subscribe());
        run();

        assertThat(late.isDisposed()).isTrue();
        assertThat(connections.size()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void closingClosesEachWireAndReportsNothingMore() {
        Connections connections = connections(10);
        Wire first = wireTo(id("a"));
        dial(connections, first);
        run();
        events.clear();

        AtomicInteger completed = new AtomicInteger();
        connections
                .close(Duration.ZERO)
                .doOnSuccess(done -> completed.incrementAndGet())
                .subscribe();
        run();
        assertThat(first.isDisposed()).isTrue();
        open.dispose();
        run();

        assertThat(completed).hasValue(1);
        assertThat(connections.size()).isZero();
        assertThat(events).isEmpty();
    }
}
