/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.PeerScore;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.publisher.Mono;

/** Tests the dials of a swarm that is told many addresses, under virtual time. */
class ToldAddressesTest {
    private static final SwarmOptions OPTIONS = SwarmOptions.defaults();

    private final DialWorld world = new DialWorld();

    @AfterEach
    void dispose() {
        world.dispose();
    }

    private static InetSocketAddress address(int host, int port) throws UnknownHostException {
        byte[] bytes = {(byte) 198, 18, (byte) (host >> 8), (byte) host};
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    }

    @Test
    void tenThousandAddressesThatDoNotExistKeepAllBounds() throws UnknownHostException {
        world.network = to -> Mono.delay(Duration.ofSeconds(4), world.clock)
                .flatMap(tick -> Mono.error(new ConnectException("connection timed out")));
        Connections connections = world.connections(OPTIONS);
        connections.start();
        for (int i = 0; i < 10_000; i++) {
            connections.add(address(i / 50, 1_000 + i % 50), PeerSource.DISCOVERY);
            if (i % 100 == 0) {
                world.advance(Duration.ofMillis(250));
            }
        }
        world.advance(Duration.ofMinutes(10));

        assertThat(connections.known()).isEqualTo(OPTIONS.maxAddresses());
        assertThat(world.mostDialling).isEqualTo(OPTIONS.maxDials());
        assertThat(mostInOneSecond()).isBetween(2, OPTIONS.dialsPerSecond());
        Map<InetAddress, Set<Integer>> ports = world.dials.stream()
                .map(DialWorld.Dial::to)
                .collect(Collectors.groupingBy(
                        InetSocketAddress::getAddress,
                        Collectors.mapping(InetSocketAddress::getPort, Collectors.toSet())));
        assertThat(ports).hasSizeGreaterThan(50).allSatisfy((host, its) -> assertThat(its)
                .hasSizeLessThanOrEqualTo(OPTIONS.maxPortsPerAddress()));
        assertThat(world.dials.stream().collect(Collectors.groupingBy(DialWorld.Dial::to, Collectors.counting())))
                .allSatisfy((to, dials) -> assertThat(dials).isLessThanOrEqualTo(4));
        assertThat(world.seen(SwarmEvent.Unreachable.class)).hasSizeLessThanOrEqualTo(OPTIONS.maxAddresses());
    }

    @Test
    void fastFailuresKeepTheRate() throws UnknownHostException {
        for (int rate : List.of(5, 20, 33)) {
            DialWorld fast = new DialWorld();
            Connections connections =
                    fast.connections(OPTIONS.toBuilder().dialsPerSecond(rate).build());
            connections.start();
            for (int i = 0; i < 1_000; i++) {
                connections.add(address(i, 6881), PeerSource.TRACKER);
            }
            fast.advance(Duration.ofSeconds(20));

            assertThat(mostInOneSecond(fast)).isEqualTo(rate);
            assertThat(fast.dials).hasSizeBetween(20 * rate - rate / 4 - 1, 20 * rate + rate / 4 + 1);
            fast.dispose();
        }
    }

    private int mostInOneSecond() {
        return mostInOneSecond(world);
    }

    private static int mostInOneSecond(DialWorld world) {
        int most = 0;
        int from = 0;
        for (int to = 0; to < world.dials.size(); to++) {
            while (world.dials.get(to).at() - world.dials.get(from).at() >= 1_000) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    @Test
    void anAddressIsDialledOnceAtATime() {
        Set<InetSocketAddress> busy = new HashSet<>();
        world.network = to -> {
            assertThat(busy.add(to)).isTrue();
            return Mono.delay(Duration.ofSeconds(8), world.clock)
                    .doFinally(end -> busy.remove(to))
                    .flatMap(tick -> Mono.error(new ConnectException("connection timed out")));
        };
        Connections connections = world.connections(OPTIONS);
        connections.start();
        for (int i = 0; i < 100; i++) {
            for (PeerSource source : PeerSource.values()) {
                connections.add(DialWorld.local(1), source);
            }
            world.advance(Duration.ofSeconds(1));
        }

        assertThat(world.dials).hasSizeBetween(8, 13);
        assertThat(connections.known()).isEqualTo(1);
    }

    @Test
    void aDialThatIsNeverAnsweredEndsAfterAMinute() {
        world.network = to -> Mono.never();
        Connections connections = world.connections(OPTIONS);
        connections.start();
        connections.add(DialWorld.local(1), PeerSource.USER);
        world.advance(Duration.ofSeconds(59));
        assertThat(connections.dialling()).isEqualTo(1);

        world.advance(Duration.ofMillis(1_250)); // the dial has begun at the second tick
        assertThat(connections.dialling()).isZero();
        assertThat(world.dialling).as("cancelled").isZero();
        assertThat(world.seen(SwarmEvent.Unreachable.class))
                .extracting(SwarmEvent.Unreachable::reason)
                .containsExactly("no wire after 60 s, the limit of a dial");
    }

    @Test
    void aPrivateTorrentDialsTrustedAddressesOnlyAndForgetsTheOthers() {
        world.network = to -> Mono.never();
        Connections connections = world.connections(OPTIONS);
        connections.start();
        connections.add(DialWorld.local(1), PeerSource.PEX);
        connections.add(DialWorld.local(2), PeerSource.TRACKER);
        world.advance(Duration.ofSeconds(2));
        assertThat(connections.dialling()).isEqualTo(2);

        connections.know(InfoHashes.of(DialWorld.TORRENT), true);
        assertThat(connections.dialling()).isEqualTo(1);
        assertThat(world.dialling).isEqualTo(1);
        connections.add(DialWorld.local(3), PeerSource.DISCOVERY);
        connections.add(DialWorld.local(4), PeerSource.USER);
        world.advance(Duration.ofMinutes(5));

        assertThat(world.dials.stream().map(DialWorld.Dial::to).distinct())
                .containsExactlyInAnyOrder(DialWorld.local(1), DialWorld.local(2), DialWorld.local(4));
        assertThat(world.dials.stream().filter(dial -> dial.to().equals(DialWorld.local(1))))
                .hasSize(1);
        assertThat(connections.known()).isEqualTo(2);
    }

    @Test
    void theScoreOfTheUserOrdersTheDials() {
        PeerScore highestPort = known -> known.address().getPort();
        Connections connections = world.connections(
                OPTIONS.toBuilder().score(highestPort).dialsPerSecond(4).build());
        for (int port = 1; port <= 5; port++) {
            connections.add(DialWorld.local(port), PeerSource.TRACKER);
        }
        connections.start();
        world.advance(Duration.ofMillis(750));

        assertThat(world.dials).extracting(dial -> dial.to().getPort()).containsExactly(5, 4, 3, 2);
    }

    @Test
    void theMaximumOfWiresIncludesDials() {
        world.network = to -> Mono.never();
        Connections connections =
                world.connections(OPTIONS.toBuilder().maxWires(3).build());
        connections.start();
        for (int port = 1; port <= 5; port++) {
            connections.add(DialWorld.local(port), PeerSource.TRACKER);
        }
        world.advance(Duration.ofSeconds(2));

        assertThat(connections.dialling()).isEqualTo(3);
    }

    @Test
    void closingCancelsTheDials() {
        world.network = to -> Mono.never();
        Connections connections = world.connections(OPTIONS);
        connections.start();
        connections.add(DialWorld.local(1), PeerSource.USER);
        world.advance(Duration.ofSeconds(1));

        connections.close(Duration.ofSeconds(1)).subscribe();
        world.advance(Duration.ofMinutes(1));

        assertThat(world.dialling).isZero();
        assertThat(connections.dialling()).isZero();
        assertThat(world.dials).hasSize(1);
        assertThat(world.events).isEmpty();
    }
}
