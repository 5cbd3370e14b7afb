/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kit;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

/** Shows how to test that a slow consumer of blocks slows the peer. */
class BackPressuredDownloadTest {
    private final LocalPeer self = LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random());

    /** Downloads to a disk that takes a second per block: the code under test. */
    // tag::code[]
    private static Flux<Integer> download(Wire wire, Scheduler clock) {
        Flux<BlockRequest> wanted = Flux.range(0, 3).map(piece -> block(piece));
        return wire.blocks()
                .download(wanted)
                .concatMap(block -> Mono.delay(Duration.ofSeconds(1), clock).thenReturn(block.piece()), 0);
    }
    // end::code[]

    // tag::test[]
    @Test
    void theNextBlockIsAskedForWhenTheDiskHasTakenTheLast() {
        ScriptedPeer seed = ScriptedPeer.dialledBy(self, options -> options.downloadBuffer(0), wire -> {})
                .handshake(Features.NONE)
                .send(new Message.Unchoke());

        StepVerifier.create(download(seed.wire(), seed.clock()))
                .then(() -> seed.expect(request(0)).expectNothing().send(piece(0)))
                .then(() -> seed.advance(Duration.ofMillis(999)).expectNothing())
                .then(() -> seed.advance(Duration.ofMillis(1)))
                .expectNext(0)
                .then(() -> seed.expect(request(1)).expectNothing())
                .thenCancel()
                .verify();
        seed.expect(new Message.Cancel(block(1))).dispose();
    }
    // end::test[]

    private static BlockRequest block(int piece) {
        return new BlockRequest(piece, 0, 16_384);
    }

    private static Message request(int piece) {
        return new Message.Request(block(piece));
    }

    private static Message piece(int piece) {
        return new Message.Piece(piece, 0, Unpooled.wrappedBuffer(new byte[16_384]));
    }
}
