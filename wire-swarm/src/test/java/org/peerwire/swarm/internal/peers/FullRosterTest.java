/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests the place that a swarm with the maximum of wires has for a newcomer. */
class FullRosterTest {
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final Disposable.Composite open = Disposables.composite();
    private final Roster roster = new Roster(
            2,
            new PeerBook(SwarmOptions.defaults(), new Random(1), new InetSocketAddress(0)),
            event -> {},
            new SwarmLoop(clock));

    @AfterEach
    void dispose() {
        open.dispose();
    }

    private WirePair enter(String peer) {
        WirePair pair = WirePair.open(
                LocalPeer.of(DialWorld.TORRENT, DialWorld.id(peer)), LocalPeer.of(DialWorld.TORRENT, DialWorld.US));
        open.add(pair);
        roster.enter(new Roster.Member(pair.responder(), null));
        return pair;
    }

    private static void want(Wire wire) {
        wire.outbound().tryEmit(new Message.Interested());
    }

    @Test
    void aNewcomerReplacesAWireOnWhichNeitherSideWantsAnything() {
        WirePair wanting = enter("a");
        want(wanting.initiator());
        WirePair useless = enter("b");
        clock.advanceTimeBy(Duration.ofMinutes(1));

        WirePair newcomer = enter("c");

        assertThat(roster.all()).containsExactlyInAnyOrder(wanting.responder(), newcomer.responder());
        assertThat(useless.responder().isDisposed()).isTrue();
    }

    @Test
    void aWireIsNotReplacedInItsFirstMinute() {
        enter("a");
        enter("b");
        clock.advanceTimeBy(Duration.ofSeconds(59));

        assertThat(enter("c").responder().isDisposed()).isTrue();
        assertThat(roster.size()).isEqualTo(2);
    }

    @Test
    void aNewcomerIsRefusedIfEveryWireIsWanted() {
        want(enter("a").initiator());
        want(enter("b").responder());
        clock.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(enter("c").responder().isDisposed()).isTrue();
    }

    @Test
    void aReachableSwarmLeavesAQuarterOfItsWiresToOthers() {
        Roster large = new Roster(
                40,
                new PeerBook(SwarmOptions.defaults(), new Random(1), new InetSocketAddress(0)),
                event -> {},
                new SwarmLoop(clock));

        assertThat(large.room(true)).isEqualTo(30);
        assertThat(large.room(false)).isEqualTo(40);
    }
}
