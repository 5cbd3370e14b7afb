/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.RequestException;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

/** Tests the demand on the source of a download, and its end. */
class DownloadSourceTest {

    @Test
    void itCompletesWhenTheSourceHasAndEveryBlockHasCome() {
        ScriptedPeer peer = unchoking(PLAIN);
        TestPublisher<BlockRequest> source = TestPublisher.create();
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(source));
        source.next(block(0, 0));

        source.complete();
        assertThat(got.hasEnded()).isFalse();
        peer.send(answer(block(0, 0)));
        assertThat(got.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void anEmptySourceCompletesAtOnceEvenChokedAndWithoutDemand() {
        ScriptedPeer peer = peer(PLAIN);

        assertThat(Recorder.of(peer.wire().blocks().download(Flux.empty()), 0).hasCompleted())
                .isTrue();
        peer.dispose();
    }

    @Test
    void anErrorOfTheSourceFailsTheFluxAndTakesTheRequestsBack() {
        ScriptedPeer peer = unchoking(PLAIN);
        TestPublisher<BlockRequest> source = TestPublisher.create();
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(source));
        source.next(block(0, 0));
        peer.expect(request(block(0, 0)));

        IllegalStateException mine = new IllegalStateException();
        source.error(mine);

        assertThat(got.error()).isSameAs(mine);
        peer.expect(cancel(block(0, 0))).expectNothing();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void aBlockThatCannotBeFailsTheFlux() {
        ScriptedPeer peer = unchoking(PLAIN);
        TestPublisher<BlockRequest> source = TestPublisher.create();
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(source));

        source.next(new BlockRequest(0, 0, 0));

        assertThat(got.error()).isInstanceOf(IllegalArgumentException.class);
        source.assertCancelled();
        peer.expectNothing().dispose();
    }

    @Test
    void theSameBlockTwiceIsADuplicate() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(Flux.just(block(0, 0), block(0, 0))));

        assertThat(reason(got)).isEqualTo(RequestException.Reason.DUPLICATE);
        peer.dispose();
    }

    @Test
    void whileChokedTheSourceIsNotPulled() {
        ScriptedPeer peer = peer(FAST);
        AtomicLong pulled = new AtomicLong();
        Recorder.of(peer.wire().blocks().download(Flux.fromIterable(blocks(9)).doOnRequest(pulled::addAndGet)));
        assertThat(pulled.get()).isZero();

        peer.send(new Message.Unchoke());
        assertThat(pulled.get()).isEqualTo(4);
        peer.dispose();
    }

    @Test
    void theEndOfTheWireFailsItAndCancelsTheSource() {
        ScriptedPeer peer = unchoking(FAST);
        TestPublisher<BlockRequest> source = TestPublisher.create();
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(source));
        source.next(block(0, 0));

        peer.close();

        assertThat(got.error()).isInstanceOf(ConnectionException.class);
        assertThat(((ConnectionException) got.error()).reason()).isEqualTo(ConnectionException.Reason.CLOSED);
        source.assertCancelled();
        assertThat(Recorder.of(peer.wire().blocks().download(Flux.just(block(0, 0))))
                        .error())
                .isInstanceOf(ConnectionException.class);
    }

    @Test
    void theContextOfTheSubscriberReachesTheSource() {
        ScriptedPeer peer = unchoking(PLAIN);
        Flux<BlockRequest> source = Flux.deferContextual(context -> Flux.just(block(context.<Integer>get("piece"), 0)));

        Recorder.of(peer.wire().blocks().download(source).contextWrite(context -> context.put("piece", 3)));

        peer.expect(request(block(3, 0))).dispose();
    }
}
