/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.PeerId;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;

class FatesTest {
    private final Fates fates = new Fates();

    @Test
    void withoutAnyAddressThereAreNoPeers() {
        assertThat(fates.nobodyLeft()).isEqualTo("no peers");
    }

    @Test
    void aBannedPeerStaysBannedWhenItsWireEnds() {
        fates.on(new SwarmEvent.Banned(DialWorld.local(1), PeerId.random(), "it sent piece 2 with a wrong hash"));
        fates.on(new SwarmEvent.Disconnected(DialWorld.local(1), "the connection was closed"));

        assertThat(fates.nobodyLeft())
                .isEqualTo("the only peer sent bad data: 127.0.0.1:1: it sent piece 2 with a wrong hash");
    }

    @Test
    void severalPeersAreCounted() {
        fates.unreachable(DialWorld.local(1), "connection refused");
        fates.unreachable(DialWorld.local(2), "connection refused");
        assertThat(fates.nobodyLeft())
                .isEqualTo("each of 2 peers cannot be reached, the last was 127.0.0.1:2: connection refused");

        fates.on(new SwarmEvent.Disconnected(DialWorld.local(3), "the connection was closed"));
        assertThat(fates.nobodyLeft())
                .isEqualTo("none of 3 peers is left, the last was 127.0.0.1:3: the connection was closed");
    }

    @Test
    void ourOwnAddressIsNamed() {
        fates.on(new SwarmEvent.Ourselves(DialWorld.local(1)));

        assertThat(fates.nobodyLeft()).startsWith("the only peer is this program itself: 127.0.0.1:1");
    }

    @Test
    void aTimeWithoutPeersIsNotCalledUnreachableAfterAConnection() {
        assertThat(fates.nobodyFor("30 s")).isEqualTo("no peer could be reached within 30 s");

        fates.on(new SwarmEvent.Connected(DialWorld.local(1), PeerId.random(), PeerSource.USER));
        fates.on(new SwarmEvent.Disconnected(DialWorld.local(1), "the connection was closed"));

        assertThat(fates.nobodyFor("30 s"))
                .isEqualTo("no peer has been connected for 30 s (127.0.0.1:1: the connection was closed)");
    }
}
