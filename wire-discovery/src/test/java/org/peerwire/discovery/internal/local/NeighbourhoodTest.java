/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.discovery.internal.net.WallClock;
import org.peerwire.pex.PeerEvent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Attack A-97. */
class NeighbourhoodTest {
    private static final InfoHash ONE = InfoHash.parse("1".repeat(40));
    private static final InfoHash TWO = InfoHash.parse("2".repeat(40));
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WallClock wall = new WallClock(clock);
    private final Network network = new Network();

    @AfterEach
    void stop() {
        clock.dispose();
    }

    /** A network in memory, which gives each packet to all others, and to its sender as well. */
    private final class Network {
        final Map<Long, List<LocalAnnounce>> sent = new LinkedHashMap<>();
        final List<FluxSink<Multicast.Packet>> sockets = new ArrayList<>();
        boolean isLosing;

        Neighbourhood host(int number) {
            InetAddress address = address(number);
            Multicast multicast = new Multicast() {
                @Override
                public Flux<Packet> open() {
                    return Flux.create(sink -> {
                        sockets.add(sink);
                        sink.onDispose(() -> sockets.remove(sink));
                    });
                }

                @Override
                public void send(LocalAnnounce announce) {
                    sent.computeIfAbsent(clock.now(TimeUnit.SECONDS), at -> new ArrayList<>())
                            .add(announce);
                    if (isLosing) {
                        return;
                    }
                    Packet packet = new Packet(address, announce.encode("group"));
                    List.copyOf(sockets).forEach(socket -> socket.next(packet));
                }
            };
            return new Neighbourhood(multicast, INTERVAL, wall);
        }

        void deliver(int sender, LocalAnnounce announce) {
            List.copyOf(sockets)
                    .forEach(socket -> socket.next(new Multicast.Packet(address(sender), announce.encode("group"))));
        }
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PeerEvent added(int host, int port) {
        return new PeerEvent.Added(new InetSocketAddress(address(host), port));
    }

    private void advance(Duration time) {
        clock.advanceTimeBy(time);
    }

    private List<PeerEvent> collect(Flux<PeerEvent> peers) {
        List<PeerEvent> all = new ArrayList<>();
        peers.subscribe(all::add);
        return all;
    }

    @Test
    void hostsOfTheSameTorrentFindEachOtherAndNobodyElse() {
        List<PeerEvent> first = collect(network.host(1).peers(ONE, 1001));
        List<PeerEvent> other = collect(network.host(2).peers(TWO, 1002));
        advance(Duration.ofSeconds(10));
        List<PeerEvent> second = collect(network.host(3).peers(ONE, 1003));
        advance(Duration.ofSeconds(10));

        assertThat(first).containsExactly(added(3, 1003));
        assertThat(second).isEmpty();
        assertThat(other).isEmpty();
        advance(INTERVAL);
        assertThat(second).containsExactly(added(1, 1001));
        assertThat(first).containsExactly(added(3, 1003), added(3, 1003));
    }

    @Test
    void aHostWithoutAPortOnlyListens() {
        List<PeerEvent> listener = collect(network.host(1).peers(ONE, 0));
        List<PeerEvent> teller = collect(network.host(2).peers(ONE, 1002));
        advance(INTERVAL);

        assertThat(listener).containsExactly(added(2, 1002));
        assertThat(teller).isEmpty();
    }

    @Test
    void aTorrentIsAnnouncedAtOnceAndThenAtTheInterval() {
        Disposable subscription = network.host(1).peers(ONE, 1001).subscribe();
        advance(Duration.ofMinutes(11));
        subscription.dispose();
        advance(Duration.ofHours(1));

        assertThat(network.sent.keySet()).containsExactly(0L, 2L, 6L, 300L, 302L, 306L, 600L, 602L, 606L);
        assertThat(network.sockets).isEmpty();
    }

    @Test
    void aPacketThatIsLostIsRepeatedWithinSeconds() {
        network.isLosing = true;
        List<PeerEvent> first = collect(network.host(1).peers(ONE, 1001));
        List<PeerEvent> second = collect(network.host(2).peers(ONE, 1002));
        advance(Duration.ofSeconds(5));
        network.isLosing = false;
        advance(Duration.ofSeconds(2));

        assertThat(first).containsExactly(added(2, 1002));
        assertThat(second).containsExactly(added(1, 1001));
    }

    @Test
    void aRepetitionNamesOnlyTheTorrentsThatAreStillOurs() {
        Neighbourhood host = network.host(1);
        Disposable one = host.peers(ONE, 1001).subscribe();
        Disposable two = host.peers(TWO, 1001).subscribe();
        advance(Duration.ofSeconds(1));
        one.dispose();
        advance(Duration.ofSeconds(2));
        two.dispose();
        advance(Duration.ofMinutes(2));

        assertThat(network.sent.keySet()).containsExactly(0L, 2L);
        assertThat(network.sent.get(0L).get(0).hashes()).containsExactly(ONE, TWO);
        assertThat(network.sent.get(2L).get(0).hashes()).containsExactly(TWO);
    }

    /** BEP 14: at most one packet a minute, with several hashes. */
    @Test
    void manyTorrentsShareThePacketsOfAMinute() {
        Neighbourhood host = network.host(1);
        for (int i = 0; i < 60; i++) {
            host.peers(InfoHash.parse("%040x".formatted(i)), 1001).subscribe();
        }
        host.peers(ONE, 2002).subscribe();
        advance(Duration.ofSeconds(290));

        assertThat(network.sent.keySet())
                .containsExactly(0L, 2L, 6L, 60L, 62L, 66L, 120L, 122L, 126L, 180L, 182L, 186L);
        assertThat(Stream.of(0L, 60L, 120L, 180L)
                        .map(at -> network.sent.get(at).get(0).hashes().size()))
                .containsExactly(24, 24, 12, 1);
        assertThat(network.sent.get(180L)).extracting(LocalAnnounce::port).containsExactly(2002);
    }

    @Test
    void aPacketThatComesThroughSeveralSocketsIsOnePeer() {
        List<PeerEvent> peers = collect(network.host(1).peers(ONE, 0));
        LocalAnnounce announce = new LocalAnnounce(1002, List.of(ONE), null);
        advance(Duration.ofSeconds(1));
        network.deliver(2, announce);
        network.deliver(2, announce);
        advance(Duration.ofSeconds(20));
        network.deliver(2, announce);
        advance(Duration.ofSeconds(20));
        network.deliver(2, announce);
        advance(Duration.ofSeconds(1));

        assertThat(peers).containsExactly(added(2, 1002), added(2, 1002));
    }

    @Test
    void aFloodIsBoundedForASlowSubscriber() {
        StepVerifier.create(network.host(1).peers(ONE, 0), 0)
                .then(() -> {
                    advance(Duration.ofSeconds(1));
                    for (int port = 1; port <= 5_000; port++) {
                        network.deliver(2, new LocalAnnounce(port, List.of(ONE), null));
                    }
                    advance(Duration.ofSeconds(1));
                })
                .thenRequest(1)
                .expectNext(added(2, 4_001))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(999)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void garbageIsIgnored() {
        List<PeerEvent> peers = collect(network.host(1).peers(ONE, 0));
        advance(Duration.ofSeconds(1));
        List.copyOf(network.sockets).forEach(socket -> socket.next(new Multicast.Packet(address(2), new byte[9_000])));
        network.deliver(2, new LocalAnnounce(1002, List.of(ONE), null));
        advance(Duration.ofSeconds(1));

        assertThat(peers).containsExactly(added(2, 1002));
    }

    @Test
    void aFailureOfTheNetworkEndsAllSubscriptions() {
        Neighbourhood host = network.host(1);
        StepVerifier.create(
                        Flux.merge(host.peers(ONE, 1001), host.peers(TWO, 1001).onErrorComplete()))
                .then(() -> {
                    advance(Duration.ofSeconds(1));
                    network.sockets.get(0).error(new SocketException("gone"));
                    advance(Duration.ofSeconds(1));
                })
                .expectErrorMessage("gone")
                .verify(Duration.ofSeconds(10));
        advance(INTERVAL);
        assertThat(network.sent.keySet()).containsExactly(0L);
    }

    @Test
    void anEndThatComesBeforeTheBeginOpensNothing() {
        network.host(1).peers(ONE, 1001).subscribe().dispose();
        advance(INTERVAL);

        assertThat(network.sockets).isEmpty();
        assertThat(network.sent).isEmpty();
    }

    @Test
    void theTimeOfDayMayBeSetBack() {
        Neighbourhood host = network.host(1);
        List<PeerEvent> peers = collect(host.peers(ONE, 1001));
        advance(Duration.ofSeconds(1));
        network.deliver(2, new LocalAnnounce(1002, List.of(ONE), null));
        wall.setBack(Duration.ofHours(1));
        host.peers(TWO, 1001).subscribe();
        advance(Duration.ofMinutes(1));
        network.deliver(2, new LocalAnnounce(1002, List.of(ONE), null));
        advance(Duration.ofSeconds(10));

        assertThat(network.sent.values().stream().flatMap(List::stream))
                .anyMatch(announce -> announce.hashes().contains(TWO));
        assertThat(peers).containsExactly(added(2, 1002), added(2, 1002));
    }
}
