/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;

/** A private torrent (BEP 27) dials and tells only what its user and its tracker have told. Attack A-84. */
class PrivateSwarmTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration LATER = Duration.ofMinutes(5);

    private final World world = new World(1, 4, 2, true);
    private final Puppet stranger = world.puppet();
    private final Puppet member = world.puppet();
    private final Puppet teller = world.puppet().answer(Answers.silence()).tells(told());

    @AfterEach
    void endWorld() {
        world.close();
    }

    private Flux<PeerEvent> told() {
        return Flux.<PeerEvent>just(new PeerEvent.Added(stranger.address)).concatWith(Flux.never());
    }

    private List<InetSocketAddress> dialledBy(Collected leech) {
        return world.dials.stream()
                .filter(dial -> dial.from().equals(leech.address))
                .map(World.Dial::to)
                .distinct()
                .toList();
    }

    @Test
    void nothingHeardIsDialledOrTold() {
        Collected leech = world.leech(
                        SwarmOptions.builder(),
                        Swarm.of(world.torrent)
                                .peers(teller.address)
                                .discover(told())
                                .discover(PeerSource.PEX, told())
                                .discover(
                                        PeerSource.TRACKER, Flux.<PeerEvent>just(new PeerEvent.Added(member.address))))
                .start();

        leech.await(LIMIT);
        world.advance(LATER);

        assertThat(dialledBy(leech)).containsExactlyInAnyOrder(teller.address, member.address);
        assertThat(stranger.wires).isZero();
        assertThat(leech.seen(SwarmEvent.Heard.class)).isEmpty();
        assertThat(teller.heardOf).as("peers that we have told").isEmpty();
        assertThat(leech.stats().known()).isEqualTo(2);
    }

    @Test
    void aPublicTorrentDialsAndTellsWhatItHears() {
        try (World open = new World(1, 4, 2)) {
            Puppet other = open.puppet();
            Puppet gossip = open.puppet()
                    .answer(Answers.silence())
                    .tells(Flux.<PeerEvent>just(new PeerEvent.Added(other.address))
                            .concatWith(Flux.never()));
            Puppet listener = open.puppet().answer(Answers.silence()).tells(Flux.never());
            Collected leech = open.leech(gossip, listener).start();

            leech.await(LIMIT);
            open.advance(LATER);

            assertThat(other.wires).isPositive();
            assertThat(listener.heardOf).contains(other.address);
        }
    }
}
