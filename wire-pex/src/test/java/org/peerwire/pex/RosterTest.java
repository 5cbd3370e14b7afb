/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.nth;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class RosterTest {
    private final Mailbox mailbox = new Mailbox();
    private final Roster roster = new Roster(mailbox);

    @Test
    void givesThePresentPeersAndThenTheChanges() {
        publish(added(1), added(2), dropped(1));
        StepVerifier.create(roster.flux())
                .expectNext(added(2))
                .then(() -> publish(added(3), dropped(2)))
                .expectNext(added(3), dropped(2))
                .then(() -> mailbox.post(roster::close))
                .verifyComplete();
        StepVerifier.create(roster.flux()).verifyComplete();
    }

    @Test
    void aSlowWatcherMissesChangesThatCancelEachOther() {
        publish(added(1));
        StepVerifier.create(roster.flux(), 1)
                .expectNext(added(1))
                .then(() -> publish(added(2), dropped(2), dropped(1), added(1), added(3)))
                .thenRequest(10)
                .expectNext(added(3))
                .thenCancel()
                .verify();
    }

    @Test
    void aSlowWatcherGetsTheLatestFlags() {
        Added seed = new Added(nth(1), PexFlags.NONE.withSeed());
        StepVerifier.create(roster.flux(), 0)
                .then(() -> publish(added(1), seed))
                .thenRequest(1)
                .expectNext(seed)
                .then(() -> publish(added(1), dropped(1)))
                .thenRequest(10)
                .expectNext(dropped(1))
                .thenCancel()
                .verify();
    }

    @Test
    void aSlowWatcherHoldsAtMostTheWholeSet() {
        List<PeerEvent> seen = new ArrayList<>();
        BaseSubscriber<PeerEvent> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(PeerEvent event) {
                seen.add(event);
            }
        };
        roster.flux().subscribe(slow);
        for (int i = 0; i < 10_000; i++) {
            publish(added(i % 100), dropped((i + 50) % 100));
        }
        slow.requestUnbounded();
        assertThat(seen).hasSize(50).doesNotHaveDuplicates().hasOnlyElementsOfType(Added.class);
    }

    @Test
    void watchersDoNotWaitForEachOther() {
        List<PeerEvent> seen = new ArrayList<>();
        StepVerifier.create(roster.flux(), 0)
                .then(() -> roster.flux().subscribe(seen::add))
                .then(() -> publish(added(1), added(2)))
                .then(() -> assertThat(seen).containsExactly(added(1), added(2)))
                .thenCancel()
                .verify();
    }

    @Test
    void aWatcherMayRequestOneByOneAndPublishInASignal() {
        List<PeerEvent> seen = new ArrayList<>();
        roster.flux().limitRate(1).subscribe(event -> {
            seen.add(event);
            if (seen.size() < 5) {
                publish(added(seen.size()));
                assertThat(seen).as("one after another").hasSizeLessThan(6);
            }
        });
        publish(added(0));
        assertThat(seen).containsExactly(added(0), added(1), added(2), added(3), added(4));
    }

    @Test
    void aWatcherThatLeavesIsForgotten() {
        List<PeerEvent> seen = new ArrayList<>();
        Disposable watching = roster.flux().subscribe(seen::add);
        publish(added(1));
        watching.dispose();
        publish(added(2));
        assertThat(seen).containsExactly(added(1));
    }

    @Test
    void theEventsOfEachWatcherAreConsistentAtAnyPace() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Map<InetSocketAddress, PeerEvent> truth = new HashMap<>();
            List<Believer> watchers = new ArrayList<>();
            for (int step = 0; step < 100; step++) {
                if (random.nextInt(10) == 0) {
                    watchers.add(new Believer());
                    roster.flux().subscribe(watchers.get(watchers.size() - 1));
                }
                InetSocketAddress peer = nth(random.nextInt(4));
                PexFlags flags = random.nextBoolean() ? PexFlags.NONE.withSeed() : PexFlags.NONE;
                PeerEvent event = random.nextBoolean() ? new Added(peer, flags) : new Dropped(peer);
                publish(event);
                truth.put(peer, event);
                watchers.forEach(watcher -> watcher.request(1 + random.nextInt(2)));
            }
            truth.values().removeIf(Dropped.class::isInstance);
            for (Believer watcher : watchers) {
                watcher.request(Long.MAX_VALUE);
                assertThat(watcher.believed.keySet()).isEqualTo(truth.keySet());
            }
            truth.keySet().forEach(peer -> publish(new Dropped(peer)));
            watchers.forEach(BaseSubscriber::cancel);
        }
    }

    /** A subscriber that fails at the drop of an unknown peer. */
    private static final class Believer extends BaseSubscriber<PeerEvent> {
        final Map<InetSocketAddress, PeerEvent> believed = new HashMap<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(PeerEvent event) {
            if (event instanceof Added) {
                believed.put(event.peer(), event); // repeated when the flags change
            } else {
                assertThat(believed.remove(event.peer())).isNotNull();
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private void publish(PeerEvent... events) {
        for (PeerEvent event : events) {
            mailbox.post(() -> roster.publish(event));
        }
    }
}
