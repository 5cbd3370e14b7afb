/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Wire;

/** The facts about the peers of a swarm at the moment at which their wires end. */
class SwarmStatsTest {
    /** With this seed, the peer id of the swarm is smaller than that of the puppet. */
    private static final long SEED = 3;

    private final List<SwarmStats> snapshots = new ArrayList<>();

    @Test
    void aSnapshotThatIsRequestedJustBeforeTheEndOfAWireHasItsPeer() {
        try (World world = new World(SEED, 8, 4)) {
            Puppet puppet = world.puppet();
            Collected leech = world.leech(puppet);
            List<Wire> wires = new ArrayList<>();
            leech.swarm.wires().subscribe(wires::add);
            leech.start().await(Duration.ofMinutes(1));

            world.net.clock().schedule(() -> {
                leech.swarm.stats().subscribe(snapshots::add);
                wires.forEach(Wire::dispose);
            });
            world.advance(Duration.ofMillis(1));

            assertThat(wires).hasSize(1);
            assertThat(snapshots).singleElement().satisfies(snapshot -> assertThat(snapshot.peers())
                    .singleElement()
                    .satisfies(peer -> {
                        assertThat(peer.id()).isEqualTo(puppet.id);
                        assertThat(peer.received()).isEqualTo(world.content.length);
                    }));
        }
    }

    @Test
    void aPeerThatConnectsAgainKeepsItsCounters() {
        try (World world = new World(SEED, 8, 4)) {
            Puppet puppet = world.puppet();
            Collected leech = world.leech(puppet).start();
            leech.await(Duration.ofMinutes(1));

            world.net.cut(puppet.address);
            world.net.restart(puppet.address);
            world.advance(Duration.ofSeconds(10));

            assertThat(leech.seen(SwarmEvent.Connected.class)).hasSizeGreaterThan(1);
            assertThat(leech.of(puppet).isConnected()).isTrue();
            assertThat(leech.of(puppet).received()).isEqualTo(world.content.length);
        }
    }

    /** A swarm with the smaller peer id replaces the wire, and emits the connect event before it closes the earlier one. */
    @Test
    void aPeerWhoseWireIsReplacedIsOnceInASnapshotAndConnected() {
        try (World world = new World(SEED, 8, 4)) {
            Puppet puppet = world.puppet();
            Collected leech = world.leech(puppet);
            leech.start().await(Duration.ofMinutes(1));
            assertThat(leech.swarm.peerId().toHex()).isLessThan(puppet.id.toHex());

            leech.swarm.events().ofType(SwarmEvent.Connected.class).subscribe(second -> leech.swarm
                    .stats()
                    .subscribe(snapshots::add));
            puppet.dial(leech.address);
            world.advance(Duration.ofSeconds(1));

            assertThat(snapshots).singleElement().satisfies(snapshot -> assertThat(snapshot.peers())
                    .singleElement()
                    .satisfies(peer -> {
                        assertThat(peer.isConnected()).isTrue();
                        assertThat(peer.received()).isEqualTo(world.content.length);
                    }));
        }
    }
}
