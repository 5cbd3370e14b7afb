/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Announcing on one wire more than once: the peer hears it as from one. */
class PexResubscribeTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final FakeWire wire = FakeWire.dialled("81.2.69.142:6881", options).introduce();

    @Test
    void threeSubscriptionsInARowAddOnce() {
        for (int i = 0; i < 3; i++) {
            Disposable subscription = announce(added(1), added(2));
            pass(3);
            subscription.dispose();
        }
        assertThat(wire.takeSent()).containsExactly(adding(added(1), added(2)));
        announce(added(1), added(2));
        pass(200);
        assertThat(wire.takeSent()).isEmpty();
    }

    @Test
    void noMessageLeavesWithinTheIntervalAfterAResubscribe() {
        announce(added(1)).dispose();
        Disposable first = announce(added(1));
        pass(5);
        first.dispose();
        wire.takeSent();
        announce(added(1), added(2));
        pass(60); // the first message was sent 64 s ago
        assertThat(wire.takeSent()).isEmpty();
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(2)));
    }

    @Test
    void whoHasGoneBetweenTwoSubscriptionsIsDropped() {
        Disposable first = announce(added(1), added(2));
        pass(1);
        first.dispose();
        wire.takeSent();
        pass(100);
        assertThat(wire.takeSent()).isEmpty();
        announce(added(2), added(3));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(new PexMessage(List.of(added(3)), List.of(nth(1))));
    }

    @Test
    void twoAtTheSameTimeTellWhatOneOfThemHas() {
        Disposable first = announce(added(1), added(2));
        Disposable second = announce(added(2), added(3));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(1), added(2), added(3)));
        first.dispose();
        pass(65);
        assertThat(wire.takeSent()).containsExactly(dropping(nth(1)));
        assertThat(wire.subscribers()).isOne();
        second.dispose();
        assertThat(wire.subscribers()).isZero();
    }

    @Test
    void whatThePeerHasToldIsNotEchoedAfterAResubscribe() {
        Disposable first = announce();
        wire.say(adding(added(1)));
        first.dispose();
        announce(added(1), added(2));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(2)));
    }

    @Test
    void anotherWireHasAMemoryOfItsOwn() {
        announce(added(1));
        FakeWire other = FakeWire.of("81.2.69.143:6881", wire.local()).introduce();
        UtPex.announce(other, Flux.just(added(1))).subscribe();
        pass(1);
        assertThat(wire.takeSent()).isEqualTo(other.takeSent()).hasSize(1);
    }

    private Disposable announce(Added... swarm) {
        return UtPex.announce(wire, Flux.<PeerEvent>just(swarm)).subscribe();
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
