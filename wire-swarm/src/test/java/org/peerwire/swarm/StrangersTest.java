/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;

/**
 * A swarm that is told thousands of addresses that do not exist keeps its limits, and finds the honest peer.
 * Attack A-82.
 */
class StrangersTest {
    private static final int STRANGERS = 10_000;
    private static final SwarmOptions DEFAULTS = SwarmOptions.defaults();

    private final World world = new World(1, 8, 2);
    private final Puppet honest = world.puppet();

    @AfterEach
    void endWorld() {
        world.close();
    }

    private static InetSocketAddress stranger(int number) {
        try {
            byte[] ip = {10, (byte) 200, (byte) (number >> 8), (byte) number};
            return new InetSocketAddress(InetAddress.getByAddress(ip), 6881);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private InetSocketAddress silentHost() {
        InetSocketAddress address = world.net.host();
        world.net.silence(address);
        return address;
    }

    private static PeerEvent added(InetSocketAddress address) {
        return new PeerEvent.Added(address);
    }

    private Collected leech(SwarmBuilder builder) {
        return world.leech(SwarmOptions.builder(), builder);
    }

    /** Advances the clock until the download is complete, and asserts the limits at each moment. Returns the time. */
    private Duration awaitWithinLimits(Collected leech, Duration limit) {
        long start = world.now();
        while (!leech.complete) {
            assertThat(world.now() - start).as("milliseconds").isLessThan(limit.toMillis());
            world.net.advance(Duration.ofMillis(50));
            SwarmStats stats = leech.stats();
            assertThat(stats.dialling()).isLessThanOrEqualTo(DEFAULTS.maxDials());
            assertThat(stats.known()).isLessThanOrEqualTo(DEFAULTS.maxAddresses());
        }
        assertThat(mostDialsOfASecond()).isLessThanOrEqualTo(DEFAULTS.dialsPerSecond());
        return Duration.ofMillis(world.now() - start);
    }

    private int mostDialsOfASecond() {
        List<World.Dial> dials = world.dials;
        int most = 0;
        for (int first = 0, last = 0; last < dials.size(); last++) {
            while (dials.get(last).at() - dials.get(first).at() >= 1_000) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void strangersThatRefuseDoNotHideAPeerThatIsToldAgain() {
        Flux<PeerEvent> strangers = Flux.range(0, STRANGERS).map(i -> added(stranger(i)));
        Flux<PeerEvent> again = Flux.interval(Duration.ofMinutes(1), world.net.clock())
                .onBackpressureDrop()
                .map(tick -> added(honest.address));
        Collected leech =
                leech(Swarm.of(world.torrent).discover(strangers, again)).start();

        Duration took = awaitWithinLimits(leech, Duration.ofMinutes(10));

        assertThat(leech.wrong).isEmpty();
        assertThat(world.dials).as("dials").hasSizeGreaterThan((int) took.toSeconds() * DEFAULTS.dialsPerSecond() / 2);
    }

    @Test
    void silentStrangersDoNotHideAPeerAmongThem() {
        List<InetSocketAddress> silent =
                IntStream.range(0, STRANGERS).mapToObj(i -> silentHost()).toList();
        List<InetSocketAddress> all = new ArrayList<>(silent);
        all.add(500, honest.address);
        Collected leech = leech(
                        Swarm.of(world.torrent).discover(Flux.fromIterable(all).map(StrangersTest::added)))
                .start();

        awaitWithinLimits(leech, Duration.ofHours(1)); // each dial takes 30 s, and 20 run at a time

        assertThat(leech.wrong).isEmpty();
        assertThat(leech.stats().known()).isEqualTo(DEFAULTS.maxAddresses());
    }

    @Test
    void anAddressOfTheUserComesBeforeAllStrangers() {
        Flux<PeerEvent> strangers = Flux.range(0, STRANGERS).map(i -> added(stranger(i)));
        Collected leech = leech(Swarm.of(world.torrent).discover(strangers)).start();
        world.advance(Duration.ofSeconds(5));

        leech.swarm.add(honest.address);

        assertThat(awaitWithinLimits(leech, Duration.ofSeconds(5))).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void strangersOfPeerExchangeAreBoundedForEachTeller() {
        List<InetSocketAddress> tellers = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            int first = i * STRANGERS / 25;
            tellers.add(world.puppet()
                    .answer(Answers.silence())
                    .tells(Flux.range(first, STRANGERS / 25).map(number -> added(stranger(number))))
                    .address);
        }
        Collected leech = leech(Swarm.of(world.torrent).peers(tellers)).start();
        Flux<PeerEvent> late = Flux.interval(Duration.ofMinutes(3), world.net.clock())
                .onBackpressureDrop()
                .map(tick -> added(honest.address));
        Puppet friend = world.puppet().answer(Answers.silence()).tells(late);
        leech.swarm.add(friend.address);

        awaitWithinLimits(leech, Duration.ofMinutes(15));

        assertThat(leech.seen(SwarmEvent.Heard.class)).as("peers heard of").hasSizeGreaterThan(500);
        assertThat(leech.wrong).isEmpty();
    }
}
