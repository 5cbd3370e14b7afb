/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.SENDER_LEFT;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.peer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Peer exchange over real wires. */
class PexWireTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final Sinks.Many<PeerEvent> swarm = Sinks.many().multicast().directBestEffort();
    private final List<WirePair> pairs = new ArrayList<>();

    @AfterEach
    void close() {
        pairs.forEach(WirePair::dispose);
    }

    @Test
    void whatOneAnnouncesTheOtherHears() {
        WirePair pair = open(self(), self());
        List<PeerEvent> heard = listen(pair.responder());
        UtPex.announce(pair.initiator(), swarm.asFlux()).subscribe();
        emit(added(1), added("[2a00::1]:6881"));
        pass(1);
        assertThat(heard).containsExactly(added(1), added("[2a00::1]:6881"));
        emit(dropped(1));
        pass(65);
        assertThat(heard).endsWith(dropped(1)).hasSize(3);
    }

    @Test
    void everythingEndsWithTheWire() {
        WirePair pair = open(self(), self());
        StepVerifier.create(Flux.merge(
                        UtPex.events(pair.responder()),
                        UtPex.announce(pair.responder(), Flux.never()).cast(PeerEvent.class),
                        UtPex.events(pair.initiator()),
                        UtPex.announce(pair.initiator(), Flux.never()).cast(PeerEvent.class)))
                .then(() -> pair.initiator().close().subscribe())
                .verifyComplete();
    }

    @Test
    void a47_aPeerWithoutTheExtensionIsSentNothing() {
        WirePair pair = open(self(), LocalPeer.of(Wires.HASH, self().peerId()));
        long before = pair.initiator().stats().messagesOut();
        UtPex.announce(pair.initiator(), swarm.asFlux()).subscribe();
        emit(added(1));
        pass(70);
        assertThat(pair.initiator().stats().messagesOut()).isEqualTo(before);
    }

    @Test // case 129
    void announcingStopsWhileThePeerHasWithdrawn() {
        WirePair pair = open(self(), self());
        List<PeerEvent> heard = listen(pair.responder());
        UtPex.announce(pair.initiator(), swarm.asFlux()).subscribe();
        pair.responder().readvertise(mine -> mine.disable(UtPex.NAME)).subscribe();
        emit(added(1));
        pass(70);
        assertThat(heard).isEmpty();
        pair.responder().readvertise(mine -> mine.enable(UtPex.NAME)).subscribe();
        pass(1);
        assertThat(heard).containsExactly(added(1));
    }

    @Test // case 93
    void a44_nothingIsSentOnceTheTorrentIsKnownToBePrivate() {
        WirePair pair = open(self(), self());
        List<PeerEvent> heard = listen(pair.responder());
        UtPex.announce(pair.initiator(), swarm.asFlux()).subscribe();
        pair.initiator().shape(new TorrentShape(1 << 20, 1 << 14, true)).subscribe();
        emit(added(1));
        pass(70);
        assertThat(heard).isEmpty();
    }

    @Test
    void aSeedHasItsFlagOnceItHasAnnouncedItsPieces() {
        TorrentShape shape = TorrentShape.of(50_000, 16_384);
        WirePair pair = open(self().withShape(shape), self().withShape(shape));
        List<PeerEvent> members = new ArrayList<>();
        PexSwarm joined = PexSwarm.create(options);
        joined.members().subscribe(members::add);
        joined.join(pair.initiator());
        assertThat(members).hasSize(1);
        pair.responder().announce(PieceSet.all(4)).subscribe();
        assertThat(members).hasSize(2);
        assertThat(((Added) members.get(1)).flags().seed()).isTrue();
    }

    @Test
    void a17_haveAndInterestCostASwarmTheSameInATorrentOfAnySize() {
        WirePair pair = open(self(), self());
        PexSwarm.create(options).join(pair.responder());
        pair.initiator().outbound().tryEmit(new Message.Have(2_000_000));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            pair.initiator().outbound().tryEmit(new Message.Have(i));
            pair.initiator().outbound().tryEmit(i % 2 == 0 ? new Message.Interested() : new Message.NotInterested());
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32L * 1024 * 1024);
        assertThat(pair.responder().peerPieces().cardinality()).isEqualTo(1001);
    }

    @Test
    void severalSubscribersSeeTheSameMessage() {
        WirePair pair = open(self(), self());
        List<PeerEvent> first = listen(pair.responder());
        List<PeerEvent> second = listen(pair.responder());
        say(pair.initiator(), adding(added(1)));
        assertThat(first).isEqualTo(second).containsExactly(added(1));
    }

    @Test
    void aSwarmMakesItsPeersKnownToEachOther() {
        PexSwarm swarm = PexSwarm.create(options);
        List<List<PeerEvent>> heard = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            LocalPeer dialling = self().withListenPort(7000 + i);
            WirePair pair = WirePair.builder(dialling, self())
                    .clock(time)
                    .addresses(peer("81.2." + i + ".1:50000"), peer("81.3.1.1:6881"))
                    .onResponder(swarm::join)
                    .open();
            pairs.add(pair);
            heard.add(listen(pair.initiator()));
        }
        pass(1);
        Added[] peers = {added("81.2.1.1:7001"), added("81.2.2.1:7002"), added("81.2.3.1:7003")};
        assertThat(heard.get(0)).containsExactly(peers[1], peers[2]);
        assertThat(heard.get(1)).containsExactly(peers[0], peers[2]);
        assertThat(heard.get(2)).containsExactly(peers[0], peers[1]);

        say(pairs.get(0).initiator(), adding(added(9), peers[1]));
        List<PeerEvent> rumours = new ArrayList<>();
        swarm.events().subscribe(rumours::add);
        assertThat(rumours).containsExactly(added(9), peers[1]);

        pairs.get(0).cut();
        pass(65);
        assertThat(rumours).endsWith(dropped(9, SENDER_LEFT), new Dropped(peer("81.2.2.1:7002"), SENDER_LEFT));
        assertThat(heard.get(2)).endsWith(dropped("81.2.1.1:7001"));
        swarm.dispose();
        assertThat(pairs.get(1).responder().isDisposed()).isFalse();
    }

    @Test
    void aServerThatForgotItsListenPortIsAnnouncedWithThePortThatAcceptsWires() {
        PexSwarm forgetful = PexSwarm.create(options);
        PexSwarm other = PexSwarm.create(options);
        pairs.add(WirePair.builder(self(), self())
                .clock(time)
                .addresses(peer("81.2.1.1:50000"), peer("81.3.1.1:6881"))
                .onResponder(forgetful::join)
                .open());
        pairs.add(WirePair.builder(self(), self())
                .clock(time)
                .addresses(peer("81.3.1.1:50001"), peer("81.4.1.1:6882"))
                .onInitiator(forgetful::join)
                .onResponder(other::join)
                .open());
        WirePair third = WirePair.builder(self(), self())
                .clock(time)
                .addresses(peer("81.5.1.1:50002"), peer("81.4.1.1:6882"))
                .onResponder(other::join)
                .open();
        pairs.add(third);
        List<PeerEvent> heard = listen(third.initiator());
        pass(1);
        assertThat(heard).containsExactly(added("81.3.1.1:6881"));
    }

    private LocalPeer self() {
        return Wires.self(options);
    }

    private WirePair open(LocalPeer initiator, LocalPeer responder) {
        WirePair pair = WirePair.builder(initiator, responder).clock(time).open();
        pairs.add(pair);
        return pair;
    }

    private static List<PeerEvent> listen(Wire wire) {
        List<PeerEvent> heard = new ArrayList<>();
        UtPex.events(wire).onErrorComplete().subscribe(heard::add);
        return heard;
    }

    private static void say(Wire wire, PexMessage message) {
        wire.extension(UtPex.NAME).send(message.encode()).subscribe();
    }

    private void emit(PeerEvent... events) {
        for (PeerEvent event : events) {
            swarm.tryEmitNext(event);
        }
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
