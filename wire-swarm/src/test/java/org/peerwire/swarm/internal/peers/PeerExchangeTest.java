/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.PexFlags;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.UtPex;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;

/** Tests that a swarm dials the peers that others tell, and that it tells its own. */
class PeerExchangeTest {
    private static final InetSocketAddress TOLD = new InetSocketAddress("8.8.4.4", 6881);

    private final DialWorld world = new DialWorld();
    private final PexOptions options =
            PexOptions.builder().scheduler(world.clock).build();

    @AfterEach
    void dispose() {
        world.dispose();
    }

    private LocalPeer peer(InfoHash hash, String name) {
        return LocalPeer.of(hash, DialWorld.id(name))
                .withExtension(UtPex.create(options))
                .withListenPort(6881);
    }

    /** Opens a wire that the peer has dialled, and returns the end of the peer. */
    private Wire dialledBy(Connections connections, InfoHash hash, String name, int host) {
        WirePair pair = WirePair.builder(peer(hash, name), peer(hash, "us"))
                .clock(world.clock)
                .addresses(new InetSocketAddress("1.1.1." + host, 50_000), new InetSocketAddress("1.1.1.1", 6881))
                .onResponder(wire -> world.open.add(
                        connections.converse(wire, null, () -> true).subscribe()))
                .open();
        world.open.add(pair);
        return pair.initiator();
    }

    private void tell(Wire wire) {
        world.open.add(UtPex.announce(wire, Flux.just(new PeerEvent.Added(TOLD, PexFlags.NONE)))
                .subscribe());
        world.advance(Duration.ofSeconds(10));
    }

    @Test
    void aToldPeerIsDialledAndAnEvent() {
        Connections connections = world.connections(SwarmOptions.defaults());
        connections.start();
        Wire teller = dialledBy(connections, DialWorld.TORRENT, "a", 2);
        tell(teller);

        assertThat(world.seen(SwarmEvent.Heard.class))
                .extracting(heard -> heard.news().peer())
                .containsExactly(TOLD);
        assertThat(world.dials).isNotEmpty().allMatch(dial -> dial.to().equals(TOLD));
    }

    @Test
    void nothingToldIsDialledWithoutPeerExchangeOrForAPrivateTorrent() {
        Connections off = world.connections(SwarmOptions.builder().pex(null).build());
        off.start();
        tell(dialledBy(off, DialWorld.TORRENT, "a", 2));

        Connections secret = world.connections(SwarmOptions.defaults());
        secret.start();
        secret.know(InfoHashes.of(DialWorld.TORRENT), true);
        tell(dialledBy(secret, DialWorld.TORRENT, "b", 3));

        assertThat(world.dials).isEmpty();
        assertThat(world.seen(SwarmEvent.Heard.class)).isEmpty();
    }

    @Test
    void theWiresAreToldToEachOther() {
        Connections connections = world.connections(SwarmOptions.defaults());
        connections.start();
        Wire first = dialledBy(connections, DialWorld.TORRENT, "a", 2);
        List<PeerEvent> heard = new ArrayList<>();
        world.open.add(UtPex.events(first).subscribe(heard::add));
        dialledBy(connections, DialWorld.TORRENT, "b", 3);
        world.advance(Duration.ofSeconds(70));

        assertThat(heard).extracting(PeerEvent::peer).containsExactly(new InetSocketAddress("1.1.1.3", 6881));
    }

    @Test
    void aWireWithTheOtherHashOfAHybridIsHeardToo() {
        Connections connections = world.connections(SwarmOptions.defaults());
        connections.start();
        dialledBy(connections, DialWorld.TORRENT, "a", 2);
        tell(dialledBy(connections, InfoHash.parse("ab".repeat(20)), "b", 3));

        assertThat(world.dials).isNotEmpty().allMatch(dial -> dial.to().equals(TOLD));
        assertThat(connections.size()).isEqualTo(2);
    }
}
