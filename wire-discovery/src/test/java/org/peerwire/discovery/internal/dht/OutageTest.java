/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.discovery.internal.dht.Krpc.Facts;
import reactor.test.subscriber.TestSubscriber;

/** Tests when a node drops a contact, when it keeps it, and how its work ends. */
class OutageTest {
    private final DhtWorld world = new DhtWorld(7);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeThatWasOfflineFindsTheOthersAgain(boolean readOnly) {
        world.grow(40);
        Engine node = world.add(options -> options.readOnly(readOnly).bootstrap(DatagramNet.address(3)));
        world.await(node.start());
        world.peers(node, world.hash());
        world.await(world.node(3).close());
        world.net.loss = 1;
        for (int i = 0; i < 12; i++) {
            new PeersFlux(node, world.hash(), null).subscribe();
            world.net.advance(Duration.ofMinutes(5));
        }

        assertThat(world.stats(node).nodes()).isLessThan(Bootstrap.FEW);
        assertThat(Saved.decode(world.await(node.save())).nodes()).hasSizeGreaterThan(8);
        world.net.loss = 0;
        world.net.advance(Duration.ofMinutes(8));
        NodeId hash = world.hash();
        world.await(new Operations(world.node(5)).announce(hash, new Membership(5_000, false)));
        assertThat(world.peers(node, hash)).hasSize(1);
        assertThat(world.stats(node).nodes()).isGreaterThan(8);
    }

    @Test
    void anErrorIsNoReasonToForgetANode() {
        InetSocketAddress address = DatagramNet.address(9_000);
        NodeId id = world.hash();
        List<Krpc.Ask> refused = new ArrayList<>();
        DatagramNet.Host[] host = new DatagramNet.Host[1];
        host[0] = world.net.host(address, (packet, from) -> {
            if (KrpcReader.read(packet) instanceof Krpc.Query query) {
                if (query.ask() instanceof Krpc.Ask.FindNode) {
                    Krpc.Reply reply = new Krpc.Reply(query.transaction(), id, from, Facts.ofNodes(List.of()));
                    host[0].send(KrpcWriter.write(reply), from);
                } else {
                    refused.add(query.ask());
                    host[0].send(KrpcWriter.write(new Krpc.Failure(query.transaction(), 204, "unknown")), from);
                }
            }
        });
        Engine node = world.add(options -> options.bootstrap(address));
        world.await(node.start());
        for (int i = 0; i < 3; i++) {
            assertThat(world.await(new SamplesFlux(node, 10).collectList())).isEmpty();
            assertThat(world.peers(node, world.hash())).isEmpty();
        }

        assertThat(refused).hasSize(6);
        assertThat(world.stats(node).nodes()).isEqualTo(1);
    }

    @Test
    void aQuestionThatIsNotSentIsNoReasonToForgetANode() {
        world.grow(30);
        Engine node = world.node(20);
        int before = world.stats(node).nodes();
        for (int i = 0; i < 12_000; i++) {
            new PeersFlux(node, world.hash(), null)
                    .take(Duration.ofSeconds(20), world.net.clock)
                    .subscribe();
        }
        world.net.advance(Duration.ofMillis(5)); // sooner than an answer

        assertThat(node.sides().get(Family.FOUR).table().size()).isEqualTo(before);
        assertThat(world.stats(node).pending()).isGreaterThan(8_000);
    }

    @Test
    void aCloseDuringTheStartWaitsForTheSocketsAndClosesThem() {
        Duration opening = Duration.ofMillis(300);
        InetSocketAddress address = DatagramNet.address(1);
        Engine node = new Engine(world.options(0).build(), world.net.slowly(opening, address));
        node.start().subscribe(nothing -> {}, error -> {});
        world.net.advance(Duration.ofMillis(10));
        TestSubscriber<Void> close = TestSubscriber.create();
        node.close().subscribe(close);
        world.net.advance(Duration.ofMillis(200));
        assertThat(close.isTerminated()).isFalse();

        world.net.advance(Duration.ofMillis(200));
        assertThat(close.isTerminatedComplete()).isTrue();
        assertThat(world.net.isOpen(address)).isFalse();
    }

    @Test
    void anAnnouncementEndsWithTheNode() {
        world.grow(20);
        Engine node = world.node(7);
        TestSubscriber<Void> announcement = TestSubscriber.create();
        new Operations(node).announce(world.hash(), new Membership(1, false)).subscribe(announcement);
        long sent = world.net.sent;
        while (world.net.sent < sent + 20) {
            world.net.advance(Duration.ofMillis(10));
        }
        node.close().subscribe();
        world.net.advance(Duration.ofMillis(10));

        assertThat(announcement.expectTerminalError()).hasMessage("the DHT node is closed");
    }
}
