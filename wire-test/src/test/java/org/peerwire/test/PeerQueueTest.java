/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.asked;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.extended;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.RequestWindow;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests that the peer's queue limits all requests together, and that one place stays free. */
class PeerQueueTest {

    private static Flux<Block> download(ScriptedPeer peer, int window, Flux<BlockRequest> blocks) {
        return peer.wire()
                .blocks()
                .download(blocks, RequestWindow.fixed(window), (request, failure) -> Mono.error(failure));
    }

    private static Flux<Block> download(ScriptedPeer peer, int window, int blocks) {
        return download(peer, window, Flux.fromIterable(blocks(blocks)));
    }

    @Test
    void onePlaceOfThePeersQueueStaysFree() {
        ScriptedPeer peer = unchoking(EXTENDED)
                .send(extended(ExtendedHandshake.builder().requestQueue(3).build()));
        Recorder.of(download(peer, 50, 10));
        assertThat(asked(peer.received())).hasSize(2);

        peer.send(extended(ExtendedHandshake.builder().requestQueue(6).build()));
        assertThat(asked(peer.received())).hasSize(3);
        peer.dispose();
    }

    @Test
    void aPeerThatDoesNotTellItsQueueGetsTheDefault() {
        ScriptedPeer peer =
                peer(SELF, PLAIN, options -> options.defaultPeerRequestQueue(7)).send(new Message.Unchoke());
        Recorder.of(download(peer, 50, 10));

        assertThat(asked(peer.received())).hasSize(6);
        peer.dispose();
    }

    @Test
    void twoDownloadsAndARequestShareThePeersQueue() {
        ScriptedPeer peer =
                peer(SELF, PLAIN, options -> options.defaultPeerRequestQueue(5)).send(new Message.Unchoke());
        Recorder.of(peer.wire().blocks().request(block(9, 0)));
        Recorder<Block> first = Recorder.of(download(peer, 3, 4));
        Recorder<Block> second = Recorder.of(download(peer, 3, Flux.range(0, 4).map(i -> block(5, i))));
        List<BlockRequest> open = asked(peer.received());
        assertThat(open).hasSize(4);

        while (!open.isEmpty()) {
            open.forEach(block -> peer.send(answer(block)));
            assertThat(peer.wire().stats().requestsOutstanding()).isLessThanOrEqualTo(4);
            open = asked(peer.received());
        }

        for (int round = 0; round < 3; round++) {
            peer.advance(Duration.ofSeconds(1));
            while (!(open = asked(peer.received())).isEmpty()) {
                open.forEach(block -> peer.send(answer(block)));
                assertThat(peer.wire().stats().requestsOutstanding()).isLessThanOrEqualTo(4);
            }
        }
        assertThat(first.hasCompleted()).isTrue();
        assertThat(second.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void aPeerThatQueuesOneIsAskedForOne() {
        ScriptedPeer peer = unchoking(EXTENDED)
                .send(extended(ExtendedHandshake.builder().requestQueue(1).build()));
        Recorder<Block> got = Recorder.of(download(peer, 50, 2));

        peer.received();
        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(1);
        peer.send(answer(block(0, 0)), answer(block(0, 1)));
        assertThat(got.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void roomThatAnotherDownloadLeavesIsUsedAtOnce() {
        ScriptedPeer peer = unchoking(EXTENDED)
                .send(extended(ExtendedHandshake.builder().requestQueue(2).build()));
        peer.received();
        Recorder.of(download(peer, 4, Flux.just(block(0, 0))));
        Recorder<Block> second = Recorder.of(download(peer, 4, Flux.just(block(1, 0))));
        peer.expect(request(block(0, 0))).expectNothing();

        peer.send(answer(block(0, 0)));

        peer.expect(request(block(1, 0))).send(answer(block(1, 0)));
        assertThat(second.hasCompleted()).isTrue();
        peer.dispose();
    }
}
