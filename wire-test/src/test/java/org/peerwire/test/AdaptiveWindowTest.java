/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests that the number of outstanding requests follows the rate of the line. */
class AdaptiveWindowTest {
    private static final int PIECE = 64 * BLOCK;
    private static final TorrentShape SHAPE = TorrentShape.of(100L * PIECE, PIECE);
    private static final LocalPeer LEECH = SELF.withShape(SHAPE).withFeatures(EXTENDED);
    private static final LocalPeer SEED = OTHER.withShape(SHAPE).withFeatures(EXTENDED);

    private final WirePair.Builder line = WirePair.builder(LEECH, SEED);
    private WirePair pair = line.open();

    @AfterEach
    void close() {
        pair.dispose();
    }

    private long outstanding() {
        return pair.initiator().stats().requestsOutstanding();
    }

    /** Downloads over a line with this number of blocks per second. */
    private void download(RequestWindow window, long blocksPerSecond) {
        pair.dispose();
        pair = line.initiatorOptions(options -> options.requestWindow(window)).open();
        byte[] zeros = new byte[BLOCK];
        pair.responder()
                .blocks()
                .serve(block -> Mono.just(Unpooled.wrappedBuffer(zeros)))
                .subscribe();
        pair.responder().outbound().tryEmit(new Message.Unchoke());
        pair.toInitiator().bandwidth(blocksPerSecond * BLOCK);
        Flux<Block> blocks = pair.initiator()
                .blocks()
                .download(Flux.range(0, 6400).map(i -> new BlockRequest(i / 64, i % 64 * BLOCK, BLOCK)));
        blocks.subscribe();
    }

    @Test
    void itSettlesAtThreeSecondsOfWhatTheLineCarries() {
        download(RequestWindow.adaptive(), 20);

        pair.advance(Duration.ofSeconds(30));

        assertThat(outstanding()).isBetween(55L, 65L);
    }

    @Test
    void itFollowsTheLineDownAndUp() {
        download(RequestWindow.adaptive(), 40);
        pair.advance(Duration.ofSeconds(30));
        assertThat(outstanding()).isBetween(110L, 130L);

        pair.toInitiator().bandwidth(10 * BLOCK);
        pair.advance(Duration.ofSeconds(60));
        assertThat(outstanding()).isBetween(27L, 33L);

        pair.toInitiator().bandwidth(30 * BLOCK);
        pair.advance(Duration.ofSeconds(30));
        assertThat(outstanding()).isBetween(82L, 98L);
    }

    @Test
    void itStaysUnderWhatThePeerTakes() {
        line.responderOptions(options -> options.limits(limits -> limits.maxQueuedUploads(50)));
        download(RequestWindow.adaptive(), 100);

        pair.advance(Duration.ofSeconds(20));

        assertThat(outstanding()).isEqualTo(49);
    }

    @Test
    void aFixedWindowStaysWhateverTheLineCarries() {
        download(RequestWindow.fixed(7), 100);
        pair.advance(Duration.ofSeconds(10));
        assertThat(outstanding()).isEqualTo(7);

        pair.toInitiator().bandwidth(2 * BLOCK);
        pair.advance(Duration.ofSeconds(10));
        assertThat(outstanding()).isEqualTo(7);
    }
}
