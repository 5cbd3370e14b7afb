/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peers;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;

/** The contents of announcements: cases 83, 87, 88 and 91. */
class PexFeedTest {
    private final PexOptions options = PexOptions.builder().holdBelow(0).build();
    private PexFeed feed = new PexFeed(options);
    private long now;

    // ---- case 87, the rows of TestPexGenmsg0 ----

    @Test
    void anEmptySwarmGivesAnEmptyMessage() {
        assertThat(next()).isEqualTo(PexMessage.EMPTY);
    }

    @Test
    void addsOnce() {
        swarm(added(1), added(1));
        assertThat(next()).isEqualTo(adding(added(1)));
        swarm(added(1));
        assertThat(next().isEmpty()).isTrue();
    }

    @Test
    void anAddedPeerIsDroppedOnce() {
        swarm(added(1));
        next();
        swarm(dropped(1), dropped(1));
        assertThat(next()).isEqualTo(dropping(nth(1)));
        swarm(dropped(1));
        assertThat(next().isEmpty()).isTrue();
    }

    @Test
    void aPeerThatWasNotAddedIsNotDropped() {
        swarm(dropped(1));
        assertThat(next().isEmpty()).isTrue();
    }

    @Test // case 83
    void addThenDropCancelsOut() {
        swarm(added(1), dropped(1));
        assertThat(next().isEmpty()).isTrue();
    }

    @Test // case 83
    void dropThenAddCancelsOut() {
        swarm(added(1));
        next();
        swarm(dropped(1), added(1));
        assertThat(next().isEmpty()).isTrue();
        swarm(dropped(1));
        assertThat(next()).isEqualTo(dropping(nth(1)));
    }

    @Test
    void aFollowingMessageHoldsOnlyTheDifference() {
        swarm(added(1), added(2));
        next();
        swarm(added(3), dropped(1));
        assertThat(next()).isEqualTo(new PexMessage(List.of(added(3)), List.of(nth(1))));
    }

    @Test
    void theLatestFlagsAreSent() {
        Added seed = new Added(nth(1), PexFlags.NONE.withSeed());
        swarm(added(1), seed);
        assertThat(next()).isEqualTo(adding(seed));
    }

    // ---- the rule of 25 live peers: cases 87 and 91 ----

    @Test
    void dropsAreDelayedWhileFewPeersAreLive() {
        feed = new PexFeed(PexOptions.defaults());
        addAll(0, 25);
        next();
        swarm(dropped(0));
        assertThat(next().isEmpty()).as("24 live").isTrue();
        swarm(added(25));
        assertThat(next()).as("25 live").isEqualTo(new PexMessage(List.of(added(25)), List.of(nth(0))));
    }

    @Test
    void atMostTheNewest25DropsAreDelayed() {
        feed = new PexFeed(PexOptions.defaults());
        addAll(0, 40);
        next();
        for (int i = 0; i < 40; i++) {
            swarm(dropped(i));
        }
        assertThat(next()).isEqualTo(new PexMessage(List.of(), peers(0, 15)));
        now += 64_999;
        assertThat(next().isEmpty()).as("within one interval").isTrue();
        now++;
        assertThat(next()).as("one interval later").isEqualTo(new PexMessage(List.of(), peers(15, 40)));
    }

    @Test
    void theNewestDropsAreDelayedNotTheNewestAdditions() {
        feed = new PexFeed(PexOptions.builder().holdBelow(1).build());
        swarm(added(1), added(2));
        next();
        swarm(dropped(2), dropped(1));
        assertThat(next()).isEqualTo(dropping(nth(2)));
    }

    @Test
    void aDelayedDropAndANewAdditionCancelEachOther() {
        feed = new PexFeed(PexOptions.defaults());
        swarm(added(1));
        next();
        swarm(dropped(1));
        next();
        swarm(added(1));
        assertThat(next().isEmpty()).isTrue();
    }

    // ---- numbers ----

    @Test // case 88
    void theFirstMessageTakes100() {
        addAll(0, 100);
        assertThat(next()).isEqualTo(adding(Peers.added(0, 100)));
    }

    @Test
    void theRestIsCarriedOverBy50() {
        addAll(0, 170);
        assertThat(next().added()).isEqualTo(Peers.added(0, 100));
        assertThat(next().added()).isEqualTo(Peers.added(100, 150));
        assertThat(next().added()).isEqualTo(Peers.added(150, 170));
        for (int i = 0; i < 120; i++) {
            swarm(dropped(i));
        }
        assertThat(next().dropped()).isEqualTo(peers(0, 50));
        assertThat(next().dropped()).isEqualTo(peers(50, 100));
        assertThat(next().dropped()).isEqualTo(peers(100, 120));
    }

    @Test
    void anEmptyMessageDoesNotCountAsTheFirst() {
        next();
        addAll(0, 80);
        assertThat(next().added()).hasSize(80);
    }

    @Test
    void bothFamiliesCountTogether() {
        feed = new PexFeed(options.mutate().firstAdded(3).build());
        swarm(added("1.1.1.1:1"), added("[2a00::1]:1"), added("1.1.1.2:1"), added("[2a00::2]:1"));
        assertThat(next().added()).hasSize(3);
        assertThat(next().added()).containsExactly(added("[2a00::2]:1"));
    }

    @Test
    void a45_keeps400AtMost() {
        addAll(0, 1000);
        int told = 0;
        for (PexMessage message = next(); !message.isEmpty(); message = next()) {
            told += message.added().size();
        }
        assertThat(told).isEqualTo(400);
    }

    // ---- peers that are not announced ----

    @Test // case 83
    void peersSentByThePeerAreNotEchoed() {
        feed.heard(added(1));
        swarm(added(1), added(2));
        feed.heard(added(2));
        assertThat(next().isEmpty()).isTrue();
        feed.heard(dropped(1));
        assertThat(next()).isEqualTo(adding(added(1)));
    }

    @Test
    void thePeerIsNotAnnouncedToItself() {
        swarm(added(1), added(2));
        assertThat(feed.next(nth(1)::equals, now)).isEqualTo(adding(added(2)));
    }

    // ---- all rules at once ----

    @Test
    void allRulesHoldForRandomChanges() {
        Random random = new Random(11);
        for (int run = 0; run < 50; run++) {
            feed = new PexFeed(random.nextBoolean() ? options : PexOptions.defaults());
            Set<InetSocketAddress> told = new HashSet<>();
            Set<InetSocketAddress> live = new HashSet<>();
            for (int round = 0; round < 50; round++) {
                for (int n = random.nextInt(150); n > 0; n--) {
                    int peer = random.nextInt(200);
                    if (random.nextBoolean()) {
                        swarm(added(peer));
                        live.add(nth(peer));
                    } else {
                        swarm(dropped(peer));
                        live.remove(nth(peer));
                    }
                }
                now += 65_000;
                PexMessage message = next();
                assertThat(message.added()).hasSizeLessThanOrEqualTo(told.isEmpty() ? 100 : 50);
                assertThat(message.dropped()).hasSizeLessThanOrEqualTo(50);
                message.added()
                        .forEach(entry -> assertThat(told.add(entry.peer())).isTrue());
                message.dropped().forEach(peer -> assertThat(told.remove(peer)).isTrue());
                message.added().forEach(entry -> assertThat(live).contains(entry.peer()));
                message.dropped().forEach(peer -> assertThat(live).doesNotContain(peer));
            }
        }
    }

    private void swarm(PeerEvent... events) {
        for (PeerEvent event : events) {
            feed.swarm(event, now);
        }
    }

    private void addAll(int from, int to) {
        Peers.added(from, to).forEach(this::swarm);
    }

    @Test
    void aPeerIsAddedWhenItIsNoLongerAnAddressOfTheListener() {
        swarm(added(1));
        assertThat(feed.next(nth(1)::equals, now).isEmpty()).isTrue();
        feed.listenerChanged();
        assertThat(next()).isEqualTo(adding(added(1)));
    }

    private PexMessage next() {
        return feed.next(peer -> false, now);
    }
}
