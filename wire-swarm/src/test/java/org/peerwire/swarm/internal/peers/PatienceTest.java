/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.publisher.Mono;

/** Tests after which time a swarm without wires fails, and how lost and flapping peers are dialled again. */
class PatienceTest {
    private static final InetSocketAddress PEER = DialWorld.local(6881);
    private static final InetSocketAddress OTHER = DialWorld.local(6882);
    private static final Patience LIMITS = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(2), null);

    private final DialWorld world = new DialWorld();
    private final Connections connections = world.connections(SwarmOptions.defaults());

    @AfterEach
    void dispose() {
        world.dispose();
    }

    private void start(PeerSource source) {
        connections.add(PEER, source);
        connections.start();
    }

    private void answer(Duration life) {
        world.network = to -> world.answered(to, DialWorld.id("p" + to.getPort()), life);
    }

    @Test
    void aPeerThatWasNeverReachedIsGivenUpAfter30s() {
        start(PeerSource.USER);
        world.advance(Duration.ofSeconds(30));
        assertThat(connections.check(LIMITS, false)).isNull();
        assertThat(connections.check(Patience.UNLIMITED, false)).isNull();

        world.advance(Duration.ofSeconds(1));
        SwarmException failure = connections.check(LIMITS, false);
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(SwarmException.Reason.UNREACHABLE);
        assertThat(failure)
                .hasMessage("no peer could be reached within 30 s" + " (127.0.0.1:6881: connection refused)");
        assertThat(world.seen(SwarmEvent.Unreachable.class)).hasSize(1);

        connections.restartPatience();
        assertThat(connections.check(LIMITS, false)).isNull();
    }

    @Test
    void aPeerThatWasConnectedIsWaitedForLongerThanOneThatWasNot() {
        answer(Duration.ofSeconds(29));
        start(PeerSource.USER);
        world.advance(Duration.ofMillis(29_100));
        world.network = to -> Mono.error(new ConnectException("Connection refused"));
        assertThat(connections.size()).isZero();
        world.advance(Duration.ofSeconds(119));
        assertThat(connections.check(LIMITS, false)).isNull();

        world.advance(Duration.ofSeconds(2));
        assertThat(connections.check(LIMITS, false)).hasMessageStartingWith("no peer has been connected for 120 s");
    }

    @Test
    void aWireShorterThanATickIsAContact() {
        answer(Duration.ofMillis(20));
        start(PeerSource.USER);
        for (int i = 0; i < 100; i++) {
            world.advance(Duration.ofSeconds(1));
            assertThat(connections.check(Patience.of(Duration.ofSeconds(6)), false))
                    .isNull();
        }
        assertThat(world.seen(SwarmEvent.Connected.class)).hasSizeGreaterThan(15);
    }

    @Test
    void aSwarmWithoutHopeFailsAtOnceUnlessItExpectsAddresses() {
        connections.start();
        connections.expecting(true);
        assertThat(connections.check(LIMITS, false)).isNull();

        connections.expecting(false);
        assertThat(connections.check(LIMITS, false)).hasMessage("no peers");
        assertThat(connections.check(Patience.UNLIMITED, false)).isNull();
    }

    @Test
    void aLearnedPeerWithoutAttemptsLeftIsNoHope() {
        start(PeerSource.TRACKER);
        world.advance(Duration.ofSeconds(10));

        SwarmException failure = connections.check(LIMITS, false);
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(SwarmException.Reason.NO_PEERS);
        assertThat(failure).hasMessageStartingWith("the only peer cannot be reached: 127.0.0.1:6881: ");
        assertThat(world.dials).hasSize(4);
    }

    @Test
    void theOnlyPeerIsReachedAgainWithin5sOfItsReturn() {
        for (PeerSource source : new PeerSource[] {PeerSource.USER, PeerSource.PEX}) {
            for (int gone = 1; gone < 120; gone += 7) {
                DialWorld other = new DialWorld();
                Connections again = other.connections(SwarmOptions.defaults());
                other.network = to -> other.answered(to, DialWorld.id("p"), Duration.ofSeconds(2));
                again.add(PEER, source);
                again.start();
                other.advance(Duration.ofSeconds(4));
                other.network = to -> Mono.error(new ConnectException("refused"));
                other.advance(Duration.ofSeconds(gone));
                int before = other.seen(SwarmEvent.Connected.class).size();
                other.network = to -> other.answered(to, DialWorld.id("p"), Duration.ofHours(1));
                other.advance(Duration.ofSeconds(5));

                assertThat(other.seen(SwarmEvent.Connected.class)).hasSizeGreaterThan(before);
                assertThat(again.size()).isEqualTo(1);
                other.dispose();
            }
        }
    }

    @Test
    void aFlappingPeerIsDialledEverLessOftenBesidesAGoodOne() {
        world.network = to -> to.equals(PEER)
                ? world.answered(to, DialWorld.id("good"), Duration.ofHours(2))
                : world.answered(to, DialWorld.id("flapping"), Duration.ofMillis(50));
        start(PeerSource.TRACKER);
        world.advance(Duration.ofSeconds(1));
        connections.add(OTHER, PeerSource.TRACKER);
        connections.add(DialWorld.local(6883), PeerSource.USER);
        world.advance(Duration.ofHours(1));

        long[] flapping = world.dials.stream()
                .filter(dial -> dial.to().equals(OTHER))
                .mapToLong(DialWorld.Dial::at)
                .toArray();
        assertThat(flapping).hasSize(4);
        assertThat(flapping[2] - flapping[1]).isGreaterThan(flapping[1] - flapping[0]);
        assertThat(flapping[3] - flapping[2]).isGreaterThan(flapping[2] - flapping[1]);
        assertThat(world.dials.stream().filter(dial -> dial.to().getPort() == 6883))
                .as("an address of the user")
                .hasSizeBetween(3600 / 5, 3600 * 4 / 15 + 10);
        assertThat(connections.size()).isEqualTo(1);
    }
}
