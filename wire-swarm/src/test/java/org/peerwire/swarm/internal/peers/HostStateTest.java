/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import reactor.core.publisher.Mono;

class HostStateTest {
    private static final InfoHash V1 = DialWorld.TORRENT;
    private static final InfoHashV2 V2 = InfoHashV2.parse("ab".repeat(32));

    private final HostState host = new HostState(HostSettings.DEFAULT);
    private final HostState.Guest guest = guest();

    private static HostState.Guest guest() {
        return new HostState.Guest(hash -> Mono.empty(), wire -> Mono.empty());
    }

    @Test
    void theKeysAreThoseOfTheRegisteredSwarms() {
        host.register(guest, InfoHashes.of(V1));
        assertThat(host.keys()).isEqualTo(1);
        host.extend(guest, InfoHashes.hybrid(V1, V2));
        assertThat(host.keys()).isEqualTo(2);

        host.unregister(guest, InfoHashes.hybrid(V1, V2));
        assertThat(host.keys()).isZero();
        assertThat(host.swarms()).isZero();
        host.extend(guest, InfoHashes.of(V1));
        assertThat(host.keys()).as("after the end of the swarm").isZero();
    }

    @Test
    void anAnnouncedAddressIsToldToPeersWithoutAnOpenPort() {
        InetSocketAddress reached = new InetSocketAddress("192.0.2.1", 6881);
        assertThat(host.port()).isZero();
        assertThat(host.isListening()).isFalse();

        HostState announcing = new HostState(HostSettings.DEFAULT.with(s -> s.announced = reached));

        assertThat(announcing.port()).isEqualTo(6881);
        assertThat(announcing.self()).isEqualTo(reached);
        assertThat(announcing.isListening()).isTrue();
        assertThat(announcing.address()).isEmpty();
    }

    @Test
    void aSwarmTakesNoHashOfAnother() {
        HostState.Guest other = new HostState.Guest(hash -> Mono.empty(), wire -> Mono.never());
        host.register(guest, InfoHashes.of(V2));
        assertThatThrownBy(() -> host.register(other, InfoHashes.hybrid(V1, V2)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(host.keys()).as("nothing is left of the failure").isEqualTo(1);

        host.register(other, InfoHashes.of(V1));
        host.extend(other, InfoHashes.hybrid(V1, V2));
        host.unregister(other, InfoHashes.hybrid(V1, V2));
        assertThat(host.keys()).isEqualTo(1);
        assertThat(host.swarms()).isEqualTo(1);
    }
}
