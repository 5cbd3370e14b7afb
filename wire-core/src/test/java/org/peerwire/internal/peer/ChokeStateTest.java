/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.PeerState;
import reactor.test.subscriber.TestSubscriber;

class ChokeStateTest {
    private final ChokeState choke = new ChokeState();

    private TestSubscriber<PeerState> watch(long demand) {
        TestSubscriber<PeerState> watcher =
                TestSubscriber.builder().initialRequest(demand).build();
        choke.watch().subscribe(watcher);
        return watcher;
    }

    @Test
    void bothSidesBeginChokingAndNotInterested() {
        assertThat(choke.now()).isEqualTo(PeerState.INITIAL);
        assertThat(watch(Long.MAX_VALUE).getReceivedOnNext()).containsExactly(PeerState.INITIAL);
    }

    @Test
    void eachSideChangesItsOwnHalf() {
        choke.unchoke();
        choke.peerInterested(true);
        assertThat(choke.now()).isEqualTo(new PeerState(false, false, true, true));

        choke.amInterested(true);
        choke.peerChoking(false);
        assertThat(choke.now()).isEqualTo(new PeerState(false, true, false, true));

        choke.choke(0);
        choke.peerInterested(false);
        assertThat(choke.now()).isEqualTo(new PeerState(true, true, false, false));
    }

    @Test
    void watcherSeesEachChangeOnce() {
        TestSubscriber<PeerState> watcher = watch(Long.MAX_VALUE);

        choke.peerChoking(false);
        choke.peerChoking(false);
        choke.choke(10);
        choke.peerChoking(true);

        assertThat(watcher.getReceivedOnNext())
                .containsExactly(PeerState.INITIAL, new PeerState(true, false, false, false), PeerState.INITIAL);
    }

    @Test
    void slowWatcherSkipsToTheLatestState() {
        TestSubscriber<PeerState> watcher = watch(1);

        choke.peerChoking(false);
        choke.amInterested(true);
        choke.unchoke();
        watcher.request(1);

        assertThat(watcher.getReceivedOnNext())
                .containsExactly(PeerState.INITIAL, new PeerState(false, true, false, false));
    }

    @Test
    void requestMayHaveCrossedAChokeForTwoSeconds() {
        choke.choke(10_000);

        assertThat(choke.mayHaveCrossedChoke(10_000)).isTrue();
        assertThat(choke.mayHaveCrossedChoke(11_999)).isTrue();
        assertThat(choke.mayHaveCrossedChoke(12_000)).isFalse();
    }

    @Test
    void noRequestCrossesTheChokeThatTheWireBeginsWith() {
        assertThat(choke.mayHaveCrossedChoke(0)).isFalse();
    }

    @Test
    void endRestoresTheInitialStateAndCompletesTheWatchers() {
        TestSubscriber<PeerState> watcher = watch(Long.MAX_VALUE);
        choke.unchoke();
        choke.peerChoking(false);

        choke.close();

        assertThat(choke.now()).isEqualTo(PeerState.INITIAL);
        assertThat(watcher.getReceivedOnNext()).endsWith(PeerState.INITIAL);
        assertThat(watcher.isTerminatedComplete()).isTrue();
    }

    @Test
    void watcherAfterTheEndReceivesTheInitialStateAndCompletes() {
        choke.unchoke();
        choke.close();

        TestSubscriber<PeerState> watcher = watch(Long.MAX_VALUE);

        assertThat(watcher.getReceivedOnNext()).containsExactly(PeerState.INITIAL);
        assertThat(watcher.isTerminatedComplete()).isTrue();
    }
}
