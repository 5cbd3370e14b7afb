/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests that each peer of a {@link TestSwarm} does what its conduct says, against a plain download. */
class PeerConductTest {
    private static final int BLOCKS = 1024;
    private static final int PIECES = Leech.SHAPE.pieceCount();

    private final TestSwarm net = TestSwarm.create(7);

    @AfterEach
    void end() {
        net.dispose();
    }

    private TestPeer peer(PeerConduct conduct) {
        return Leech.peer(net, conduct, HostLink.DEFAULT);
    }

    /** Downloads for ten seconds, enough for everything. */
    private Leech leech(TestPeer peer) {
        Leech leech = Leech.of(net, net.host(), peer.address());
        net.advance(Duration.ofSeconds(10));
        return leech;
    }

    private static Set<Integer> pieces(Set<BlockRequest> blocks) {
        return blocks.stream().map(BlockRequest::piece).collect(Collectors.toSet());
    }

    @Test
    void anHonestPeerServesEverythingAndCounts() {
        TestPeer peer = peer(PeerConduct.honest());
        Leech leech = leech(peer);

        assertThat(leech.correct).hasSize(BLOCKS);
        assertThat(leech.wire().peerPieces().isComplete()).isTrue();
        assertThat(peer.requests()).isEqualTo(BLOCKS);
        assertThat(peer.bytesSent()).isEqualTo(Leech.SHAPE.length());
        assertThat(peer.wiresOpen()).isOne();

        leech.wire().dispose();
        net.advance(Duration.ofSeconds(1));
        assertThat(peer.wiresOpen()).isZero();
        assertThat(peer.wiresOpened()).isOne();
        assertThat(peer.bytesSent()).isEqualTo(Leech.SHAPE.length());
    }

    @Test
    void aPeerAcceptsEncryptedWires() {
        List<Wire> wires = new ArrayList<>();
        net.client(net.host())
                .encryption(EncryptionPolicy.REQUIRE)
                .connect(peer(PeerConduct.honest()).address(), Leech.self(net))
                .subscribe(wires::add);
        net.advance(Duration.ofSeconds(1));

        assertThat(wires.get(0).encryption()).contains(EncryptionMethod.RC4);
    }

    @Test
    void aLyingPeerLiesInTheSamePiecesOnEveryWire() {
        TestPeer peer = peer(PeerConduct.lying(0.25));
        Leech first = leech(peer);
        Leech second = leech(peer);

        assertThat(pieces(first.wrong)).hasSizeBetween(8, 24).isEqualTo(pieces(second.wrong));
        assertThat(first.wrong).hasSize(16 * pieces(first.wrong).size());
        assertThat(first.correct).hasSize(BLOCKS - first.wrong.size());
    }

    @Test
    void theLiesCanBeChosen() {
        Leech leech = leech(peer(PeerConduct.lying(Set.of(3, 5))));

        assertThat(pieces(leech.wrong)).containsExactlyInAnyOrder(3, 5);
        assertThat(leech.correct).hasSize(BLOCKS - 32);
    }

    @Test
    void aSilentPeerNeverAnswers() {
        TestPeer peer = peer(PeerConduct.silent());
        Leech leech = leech(peer);

        assertThat(leech.correct).isEmpty();
        assertThat(leech.failed).isEmpty();
        assertThat(leech.wire().state().peerChoking()).isFalse();
        assertThat(peer.requests()).isPositive();
        assertThat(peer.bytesSent()).isZero();
    }

    @Test
    void aRejectingPeerRejectsEverything() {
        TestPeer peer = peer(PeerConduct.rejecting());
        Leech leech = leech(peer);

        assertThat(leech.failed).hasSize(BLOCKS);
        assertThat(peer.requests()).isEqualTo(BLOCKS);
        assertThat(leech.wire().features().has(Feature.FAST)).isTrue();
    }

    @Test
    void aFlappingPeerUnchokesAndChokesWithoutAnAnswer() {
        TestPeer peer = peer(PeerConduct.flapping());
        Leech leech = Leech.of(net, net.host(), peer.address());
        net.advance(Duration.ofMillis(50));
        List<PeerState> states = new ArrayList<>();
        leech.wire().states().subscribe(states::add);
        net.advance(Duration.ofSeconds(2));

        assertThat(states.stream().filter(state -> !state.peerChoking())).hasSizeBetween(9, 11);
        assertThat(peer.requests()).isPositive();
        assertThat(peer.bytesSent()).isZero();
    }

    @Test
    void aFlappingPeerThatDialsComesBack() {
        List<Wire> wires = new ArrayList<>();
        InetSocketAddress host = net.host();
        WireServer server =
                WireServer.create().options(net.options()).admit((theirs, from) -> Mono.just(Leech.self(net)));
        net.listen(host, connection -> server.over(connection).subscribe(wires::add));
        TestPeer peer = peer(PeerConduct.flapping());
        peer.dial(host);

        for (int time = 1; time < 4; time++) {
            net.advance(Duration.ofMillis(1_500));
            assertThat(wires).hasSize(time);
            wires.get(time - 1).dispose();
        }
        assertThat(peer.wiresOpened()).isEqualTo(3);
    }

    @Test
    void aCuttingPeerClosesAfterItsBlocks() {
        TestPeer peer = peer(PeerConduct.cutting(20));
        Leech leech = leech(peer);

        assertThat(leech.correct).hasSize(20);
        assertThat(leech.failed).hasSize(BLOCKS - 20);
        assertThat(peer.wiresOpen()).isZero();
        assertThat(leech(peer).correct).as("on the next wire").hasSize(20);
    }

    @Test
    void aSlowPeerServesItsBytesPerSecond() {
        TestPeer peer = peer(PeerConduct.slow(100_000));
        leech(peer);

        assertThat(peer.bytesSent()).isBetween(950_000L, 1_000_000L);
    }

    @Test
    void aBoastingPeerSaysThatItHasAllAndAnswersNothing() {
        TestPeer peer = peer(PeerConduct.boasting());
        Leech leech = leech(peer);

        assertThat(leech.wire().peerPieces().isComplete()).isTrue();
        assertThat(leech.wire().features().has(Feature.FAST)).isFalse();
        assertThat(leech.wire().state().peerChoking()).isFalse();
        assertThat(leech.correct).isEmpty();
        assertThat(peer.requests()).isPositive();
    }

    @Test
    void aPeerKeepsTheLastBlockOfEachPiece() {
        TestPeer peer = peer(PeerConduct.neverTheLastBlock());
        Leech leech =
                Leech.of(net, net.host(), peer.address(), Flux.range(0, PIECES).concatMapIterable(Leech.SHAPE::blocks));
        net.advance(Duration.ofMinutes(5));

        assertThat(leech.correct).hasSize(BLOCKS - PIECES).noneMatch(PeerConductTest::isLast);
        assertThat(leech.failed).hasSize(PIECES).allMatch(PeerConductTest::isLast);
    }

    private static boolean isLast(BlockRequest block) {
        return block.end() == Leech.SHAPE.pieceLength(block.piece());
    }

    @Test
    void aPeerOfAnotherTorrentIsNotAdmitted() {
        TestPeer peer = peer(PeerConduct.honest());
        LocalPeer other = LocalPeer.of(InfoHash.parse("ff".repeat(20)), net.peerId());
        Recorder<Wire> dial = Recorder.of(net.client(net.host()).connect(peer.address(), other));
        net.advance(Duration.ofSeconds(1));

        assertThat(dial.error()).isNotNull();
        assertThat(peer.wiresOpened()).isZero();
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerConduct.lying(1.5))
                .withMessage("fraction must be 0 to 1, was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerConduct.slow(0))
                .withMessage("bytesPerSecond must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerConduct.cutting(-1))
                .withMessage("blocks must be 0 or more, was -1");
    }
}
