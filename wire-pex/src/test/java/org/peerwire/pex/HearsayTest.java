/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.NO_ROOM;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.SENDER_LEFT;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.dropped;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;

/** Case 92. */
class HearsayTest {
    private final Hearsay<String> hearsay = new Hearsay<>(4);

    @Test
    void thePeerOfSeveralTellersIsAddedByTheFirstAndDroppedByTheLast() {
        assertThat(tell("a", added(1))).containsExactly(added(1));
        assertThat(tell("b", new Added(Peers.nth(1), PexFlags.NONE.withSeed()))).isEmpty();
        assertThat(tell("a", dropped(1))).isEmpty();
        assertThat(tell("a", dropped(1))).isEmpty();
        assertThat(tell("b", dropped(1))).containsExactly(dropped(1));
        assertThat(hearsay.count("a") + hearsay.count("b")).isZero();
    }

    @Test
    void a43_aTellerDropsOnlyPeersThatItHasAdded() {
        tell("a", added(1));
        assertThat(tell("b", dropped(1))).isEmpty();
        assertThat(hearsay.count("a")).isOne();
    }

    @Test
    void forgettingATellerDropsThePeersThatOnlyItVouchedFor() {
        tell("a", added(1));
        tell("a", added(2));
        tell("b", added(2));
        assertThat(hearsay.forget("a")).containsExactly(dropped(1, SENDER_LEFT));
        assertThat(hearsay.forget("a")).isEmpty();
        assertThat(hearsay.count("b")).isOne();
    }

    @Test
    void theTellerWithTheMostPeersMakesRoomWithItsOldest() {
        tell("honest", added(1));
        tell("greedy", added(2));
        tell("greedy", added(3));
        tell("greedy", added(4));
        assertThat(tell("late", added(5))).containsExactly(dropped(2, NO_ROOM), added(5));
        assertThat(hearsay.count("honest")).isOne();
        assertThat(hearsay.count("greedy")).isEqualTo(2);
        assertThat(hearsay.count("late")).isOne();
    }

    @Test
    void aFloodOfOneTellerDoesNotAffectTheOthers() {
        tell("honest", added(1));
        for (int i = 10; i < 500; i++) {
            tell("greedy", added(i));
            assertThat(hearsay.count("greedy")).isLessThanOrEqualTo(3);
        }
        assertThat(hearsay.count("honest")).isOne();
        assertThat(hearsay.count("greedy")).isEqualTo(3);
    }

    @Test
    void withEqualCountsTheNewcomerLosesAPeer() {
        tell("a", added(1));
        tell("a", added(2));
        tell("b", added(3));
        tell("b", added(4));
        assertThat(tell("b", added(5))).containsExactly(dropped(3, NO_ROOM), added(5));
    }

    @Test
    void aReplacedPeerHasNoTellers() {
        tell("a", added(1));
        tell("b", added(1));
        for (int i = 2; i < 6; i++) {
            tell("a", added(i));
        }
        assertThat(hearsay.count("b")).isZero();
        assertThat(tell("b", dropped(1))).isEmpty();
        assertThat(tell("b", added(1))).contains(added(1));
    }

    private List<PeerEvent> tell(String teller, PeerEvent event) {
        return hearsay.tell(teller, event);
    }
}
