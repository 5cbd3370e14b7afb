/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.PeerId;

class FatesTest {
    private final Fates fates = new Fates();

    @Test
    void withoutAnyAddressOneIsAskedFor() {
        assertThat(fates.nobodyLeft()).isEqualTo("no peers: give one with --peer HOST:PORT");
    }

    @Test
    void aBannedPeerStaysBannedWhenItsWireEnds() {
        fates.on(new SwarmEvent.Dropped(TestData.local(1), "it sent piece 2 with a wrong hash"));
        fates.on(new SwarmEvent.Disconnected(TestData.local(1), "the connection was closed"));

        assertThat(fates.nobodyLeft())
                .startsWith("the only peer sent bad data: 127.0.0.1:1: it sent piece 2 with a wrong hash;");
    }

    @Test
    void severalPeersAreCounted() {
        fates.unreachable(TestData.local(1), "connection refused");
        fates.unreachable(TestData.local(2), "connection refused");
        assertThat(fates.nobodyLeft())
                .startsWith("each of 2 peers cannot be reached, the last was 127.0.0.1:2: connection refused;");

        fates.on(new SwarmEvent.Disconnected(TestData.local(3), "the connection was closed"));
        assertThat(fates.nobodyLeft())
                .startsWith("none of 3 peers is left, the last was 127.0.0.1:3: the connection was closed;");
    }

    @Test
    void ourOwnAddressIsNamed() {
        fates.ourselves(TestData.local(1));

        assertThat(fates.nobodyLeft()).startsWith("the only peer is this program itself: 127.0.0.1:1");
    }

    @Test
    void aTimeWithoutPeersIsNotCalledUnreachableAfterAConnection() {
        assertThat(fates.nobodyFor("30 s")).startsWith("no peer could be reached within 30 s;");

        fates.on(new SwarmEvent.Connected(TestData.local(1), PeerId.random(), true));
        fates.on(new SwarmEvent.Disconnected(TestData.local(1), "the connection was closed"));

        assertThat(fates.nobodyFor("30 s"))
                .startsWith("no peer has been connected for 30 s (127.0.0.1:1: the connection was closed);");
    }
}
