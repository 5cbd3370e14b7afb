/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.peer;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.PeerEvent.Added;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** */
class CandidateQueueTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final Sinks.Many<PeerEvent> heard = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<PeerEvent> members = Sinks.many().unicast().onBackpressureBuffer();
    private final List<Added> handedOut = new ArrayList<>();

    @Test
    void a46_candidatesComeTenASecondAtUnevenTimes() {
        watch(CanonicalPriority.comparator(peer("9.9.9.9:6881")));
        Peers.added(0, 300).forEach(heard::tryEmitNext);
        List<Integer> perTick = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int before = handedOut.size();
            pass(10);
            perTick.add(handedOut.size() - before);
        }
        assertThat(handedOut).hasSizeBetween(85, 115).doesNotHaveDuplicates();
        assertThat(perTick).doesNotContain(2, 3, 4);
        assertThat(perTick.stream().skip(10).limit(10).mapToInt(n -> n).sum()).isLessThanOrEqualTo(2);
    }

    @Test
    void handsOutTheBestFirst() {
        InetSocketAddress self = peer("9.9.9.9:6881");
        Peers.added(0, 20).forEach(heard::tryEmitNext);
        watch(CanonicalPriority.comparator(self));
        pass(10_000);
        assertThat(handedOut)
                .hasSize(20)
                .extracting(Added::peer)
                .isSortedAccordingTo(CanonicalPriority.comparator(self));
    }

    @Test
    void leavesOutMembersAndThoseDropped() {
        watch(Comparator.comparing(InetSocketAddress::toString));
        heard.tryEmitNext(added(1));
        heard.tryEmitNext(added(2));
        heard.tryEmitNext(added(3));
        heard.tryEmitNext(dropped(1));
        members.tryEmitNext(added(2));
        pass(1000);
        assertThat(handedOut).containsExactly(added(3));
        members.tryEmitNext(dropped(2));
        heard.tryEmitNext(dropped(2));
        heard.tryEmitNext(added(2));
        heard.tryEmitNext(added(2));
        pass(1000);
        assertThat(handedOut).containsExactly(added(3), added(2));
    }

    @Test
    void aTurnWithoutDemandIsLost() {
        Peers.added(0, 100).forEach(heard::tryEmitNext);
        BaseSubscriber<Added> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Added value) {
                handedOut.add(value);
            }
        };
        candidates(Comparator.comparing(InetSocketAddress::toString)).subscribe(slow);
        pass(60_000);
        assertThat(handedOut).isEmpty();
        slow.requestUnbounded();
        assertThat(handedOut).hasSizeLessThanOrEqualTo(2);
        pass(1000);
        assertThat(handedOut).hasSizeLessThanOrEqualTo(22);
    }

    private void watch(Comparator<InetSocketAddress> order) {
        candidates(order).subscribe(handedOut::add);
    }

    private Flux<Added> candidates(Comparator<InetSocketAddress> order) {
        return CandidateQueue.candidates(heard.asFlux(), members.asFlux(), order, options);
    }

    private void pass(int millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }
}
