/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.say;
import static org.peerwire.pex.Wires.takeSent;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Several announcements on one wire, which the peer receives as one. */
class PexResubscribeTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final FakeWire wire = introduce(Wires.dialled("81.2.69.142:6881", options));

    @Test
    void threeSubscriptionsInARowAddOnce() {
        for (int i = 0; i < 3; i++) {
            Disposable subscription = announce(added(1), added(2));
            pass(3);
            subscription.dispose();
        }
        assertThat(takeSent(wire)).containsExactly(adding(added(1), added(2)));
        announce(added(1), added(2));
        pass(200);
        assertThat(takeSent(wire)).isEmpty();
    }

    @Test
    void noMessageLeavesWithinTheIntervalAfterAResubscribe() {
        announce(added(1)).dispose();
        Disposable first = announce(added(1));
        pass(5);
        first.dispose();
        takeSent(wire);
        announce(added(1), added(2));
        pass(60); // the first message was sent 64 s ago
        assertThat(takeSent(wire)).isEmpty();
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(2)));
    }

    @Test
    void aPeerThatLeavesBetweenTwoSubscriptionsIsDropped() {
        Disposable first = announce(added(1), added(2));
        pass(1);
        first.dispose();
        takeSent(wire);
        pass(100);
        assertThat(takeSent(wire)).isEmpty();
        announce(added(2), added(3));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(new PexMessage(List.of(added(3)), List.of(nth(1))));
    }

    @Test
    void twoAnnouncementsAtTheSameTimeSendTheUnion() {
        Disposable first = announce(added(1), added(2));
        Disposable second = announce(added(2), added(3));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(1), added(2), added(3)));
        first.dispose();
        pass(65);
        assertThat(takeSent(wire)).containsExactly(dropping(nth(1)));
        assertThat(wire.subscribers(UtPex.NAME)).isOne();
        second.dispose();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test
    void peersSentByThePeerAreNotEchoedAfterAResubscribe() {
        Disposable first = announce();
        say(wire, adding(added(1)));
        first.dispose();
        announce(added(1), added(2));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(2)));
    }

    @Test
    void anotherWireHasAMemoryOfItsOwn() {
        announce(added(1));
        FakeWire other = introduce(Wires.dialled("81.2.69.143:6881", wire.local()));
        UtPex.announce(other, Flux.just(added(1))).subscribe();
        pass(1);
        assertThat(takeSent(wire)).isEqualTo(takeSent(other)).hasSize(1);
    }

    private Disposable announce(Added... swarm) {
        return UtPex.announce(wire, Flux.<PeerEvent>just(swarm)).subscribe();
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
