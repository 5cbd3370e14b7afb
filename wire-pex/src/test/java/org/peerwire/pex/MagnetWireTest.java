/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.SENDER_LEFT;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.nth;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Real wires of a magnet link, which learn the shape of the torrent while they are open. */
class MagnetWireTest {
    private static final TorrentShape SHAPE = TorrentShape.of(50_000, 16_384);
    private static final TorrentShape PRIVATE = new TorrentShape(50_000, 16_384, true);
    private static final ExtendedHandshake BOTH = ExtendedHandshake.builder()
            .extension(UtPex.NAME, 1)
            .extension(UtHolepunch.NAME, 2)
            .build();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final LocalPeer self = Wires.self(options).withExtension(UtHolepunch.create(options));
    private final ScriptedPeer peer =
            ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT).send(BOTH);
    private final InetSocketAddress address = Wires.address(peer.wire());
    private final PexSwarm swarm = PexSwarm.create(options);
    private final List<PeerEvent> members = new ArrayList<>();
    private final List<PeerEvent> heard = new ArrayList<>();

    @AfterEach
    void close() {
        swarm.dispose();
        peer.dispose();
    }

    private void join() {
        swarm.members().subscribe(members::add);
        swarm.events().subscribe(heard::add);
        swarm.join(peer.wire());
        peer.expectExtendedHandshake();
    }

    private void shape(TorrentShape shape) {
        peer.wire().shape(shape).subscribe();
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }

    @Test
    void aPeerWithEveryPieceIsASeedOnceTheTorrentIsKnown() {
        PexFlags flags = PexFlags.NONE.withReachable().withHolepunch();
        peer.send(new Message.HaveAll());
        join();
        assertThat(members).last().isEqualTo(new Added(address, flags));

        shape(SHAPE);
        pass(1);

        assertThat(members).last().isEqualTo(new Added(address, flags.withSeed()));
    }

    @Test
    void aPeerWhoseLastPieceComesAfterTheShapeIsASeed() {
        join();
        shape(SHAPE);
        pass(1);
        assertThat(members).noneMatch(event -> ((Added) event).flags().seed());

        peer.send(new Message.HaveAll());

        assertThat(members).last().matches(event -> ((Added) event).flags().seed());
    }

    @Test // case 93, BEP 27
    void aWireLeavesTheSwarmOnceTheTorrentIsKnownToBePrivate() {
        join();
        peer.sendExtended(UtPex.NAME, adding(added(1)).encode());
        assertThat(heard).containsExactly(added(1));

        shape(PRIVATE);
        pass(1);

        assertThat(heard).endsWith(dropped(1, SENDER_LEFT));
        assertThat(members).last().isEqualTo(new PeerEvent.Dropped(address));
        assertThat(peer.isClosed()).isFalse();
    }

    @Test // case 93, BEP 27
    void nothingIsSentOrTakenOnceTheTorrentIsKnownToBePrivate() {
        UtPex.announce(peer.wire(), Flux.just(added(1))).subscribe();
        UtPex.events(peer.wire()).subscribe(heard::add);
        int number = peer.expectExtendedHandshake().extensions().get(UtPex.NAME);

        shape(PRIVATE);
        pass(100);
        peer.send(new Message.Extended(number, adding(added(2)).encode()));

        assertThat(peer.expectExtendedHandshake().supports(UtPex.NAME)).isFalse();
        peer.expectNothing();
        assertThat(heard).isEmpty();
    }

    @Test // case 93, BEP 27
    void aWireKnownToBePrivateJoinsNothingAndAsksForNothing() {
        shape(PRIVATE);

        assertThat(swarm.join(peer.wire()).isDisposed()).isTrue();
        assertThat(HolepunchRelay.create(options).join(peer.wire()).isDisposed())
                .isTrue();
        StepVerifier.create(UtHolepunch.rendezvous(peer.wire(), nth(1)))
                .expectErrorMessage("ut_holepunch must not be used in a private torrent")
                .verify();
    }
}
