/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.UNSHAPED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Downloads over a line with a round trip of 100 ms, with the operators whose prefetch is small. */
class LongLineTest {
    /** Small, because a line stops its sender after 64 KiB. */
    private static final int BLOCK = 100;

    private static final int BLOCKS = 3_000;
    private static final int WINDOW = 200;
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration STEP = Duration.ofMillis(5);
    private static final TorrentShape SHAPE = TorrentShape.of((long) BLOCKS * BLOCK, BLOCK);
    private static final LocalPeer LEECH = UNSHAPED.withShape(SHAPE);
    private static final LocalPeer SEED =
            LocalPeer.of(OTHER.infoHash(), OTHER.peerId()).withShape(SHAPE);
    private static final ByteBuf DATA = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[BLOCK]));

    private WirePair pair = open(options -> options);

    @AfterEach
    void close() {
        pair.dispose();
    }

    private static WirePair open(UnaryOperator<WireOptions.Builder> options) {
        WirePair pair = WirePair.builder(LEECH, SEED)
                .options(defaults -> options.apply(defaults.requestWindow(RequestWindow.fixed(WINDOW))))
                .delay(DELAY)
                .open();
        pair.responder().blocks().serve(request -> Mono.just(DATA.duplicate())).subscribe();
        pair.responder().outbound().tryEmit(new Message.Unchoke());
        pair.advance(DELAY.multipliedBy(2));
        return pair;
    }

    /** Downloads everything, and returns how long it took. */
    private Duration time(Function<Flux<Block>, Publisher<Block>> operators) {
        Flux<BlockRequest> all = Flux.range(0, BLOCKS).map(piece -> new BlockRequest(piece, 0, BLOCK));
        Recorder<Block> got =
                Recorder.of(Flux.from(pair.initiator().blocks().download(all).transform(operators)));
        Duration time = Duration.ZERO;
        while (!got.hasEnded()) {
            pair.advance(STEP);
            time = time.plus(STEP);
            assertThat(time)
                    .as("%s blocks, %s", got.values().size(), pair.initiator().stats())
                    .isLessThan(Duration.ofMinutes(1));
        }
        assertThat(got.values()).hasSize(BLOCKS);
        return time;
    }

    private static Mono<Block> disk(Block block) {
        return Mono.just(block).hide();
    }

    private void assertAsFastAsTheWindow(Duration time) {
        Duration ideal = DELAY.multipliedBy(2L * BLOCKS / WINDOW);
        assertThat(time).isBetween(ideal, ideal.plus(DELAY.multipliedBy(2)));
    }

    @Test
    void withoutAnOperatorTheWindowSetsThePace() {
        assertAsFastAsTheWindow(time(blocks -> blocks));
    }

    @Test
    void concatMapIsAsFastAsNoOperator() {
        assertAsFastAsTheWindow(time(blocks -> blocks.concatMap(LongLineTest::disk)));
    }

    @Test
    void concatMapWithPrefetchIsAsFastAsNoOperator() {
        assertAsFastAsTheWindow(time(blocks -> blocks.concatMap(LongLineTest::disk, 32)));
    }

    @Test
    void flatMapOfFourIsAsFastAsNoOperator() {
        assertAsFastAsTheWindow(time(blocks -> blocks.flatMap(LongLineTest::disk, 4)));
    }

    @Test
    void publishOnIsAsFastAsNoOperator() {
        assertAsFastAsTheWindow(time(blocks -> blocks.publishOn(Schedulers.immediate(), 32)));
    }

    @Test
    void useIsAsFastAsNoOperator() {
        assertAsFastAsTheWindow(time(blocks -> blocks.transform(Block.use(LongLineTest::disk))));
    }

    @Test
    void withoutABufferTheDemandSetsThePace() {
        pair.dispose();
        pair = open(options -> options.downloadBuffer(0));

        assertThat(time(blocks -> blocks.concatMap(LongLineTest::disk, 32)))
                .isGreaterThan(DELAY.multipliedBy(2L * BLOCKS / 32));
    }

    @Test
    void slowDiskSlowsThePeer() {
        Flux<BlockRequest> all = Flux.range(0, BLOCKS).map(piece -> new BlockRequest(piece, 0, BLOCK));
        Recorder<Block> got =
                Recorder.of(pair.initiator().blocks().download(all).concatMap(block -> Mono.just(block)
                        .delayElement(Duration.ofMillis(10), pair.clock())));

        pair.advance(Duration.ofSeconds(5));

        assertThat(got.values()).hasSizeBetween(350, 500);
        assertThat(pair.initiator().stats().payloadIn())
                .as("what the disk has not taken is one window, and the prefetch")
                .isLessThanOrEqualTo((500L + WINDOW + 32) * BLOCK);
        got.cancel();
    }
}
