/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.HostLink;
import org.peerwire.test.PeerConduct;
import org.peerwire.test.TestPeer;
import org.peerwire.test.TestSwarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A download from a peer that closes early, in a network in memory. */
class UnreliablePeerTest {
    private static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    private static final TorrentShape SHAPE = TorrentShape.of(1 << 20, 256 * 1024);
    private static final BlockSource DATA = TestPeer.source(SHAPE, new byte[1 << 20]);

    // tag::code[]
    /** Downloads a torrent from one peer, and what that peer does not send from another. */
    private static Flux<Block> download(WireClient client, LocalPeer self, InetSocketAddress... peers) {
        return Mono.zip(interested(client, self, peers[0]), interested(client, self, peers[1]))
                .flatMapMany(wires -> wires.getT1()
                        .blocks()
                        .download(
                                Flux.range(0, SHAPE.pieceCount()).concatMapIterable(SHAPE::blocks),
                                RequestWindow.adaptive(),
                                (block, failure) -> wires.getT2()
                                        .blocks()
                                        .download(Mono.just(block))
                                        .next()));
    }

    private static Mono<Wire> interested(WireClient client, LocalPeer self, InetSocketAddress peer) {
        return client.connect(peer, self).doOnNext(wire -> wire.outbound().tryEmit(new Message.Interested()));
    }
    // end::code[]

    // tag::test[]
    @Test
    void theOtherPeerSendsWhatTheFirstOneDoesNot() {
        TestSwarm net = TestSwarm.create(42);
        TestPeer cutting = net.peer(SHAPE, DATA, TORRENT, PeerConduct.cutting(10));
        TestPeer seed = net.seed(SHAPE, DATA, TORRENT);
        WireClient client = net.client(net.host(HostLink.of(50_000, 500_000)));
        LocalPeer self = LocalPeer.of(TORRENT, net.peerId()).withShape(SHAPE);

        Set<BlockRequest> arrived = new HashSet<>();
        download(client, self, cutting.address(), seed.address()).subscribe(block -> {
            arrived.add(block.request());
            block.data().release();
        });
        Duration time = net.advanceUntil(() -> arrived.size() == 64, Duration.ofMinutes(1));

        assertThat(time).isBetween(Duration.ofMillis(2_100), Duration.ofMillis(2_500)); // 1 MiB at 500 kB/s
        assertThat(cutting.wiresOpen()).isZero();
        assertThat(seed.bytesSent()).isEqualTo(54 * 16_384);
        net.dispose();
    }
    // end::test[]
}
