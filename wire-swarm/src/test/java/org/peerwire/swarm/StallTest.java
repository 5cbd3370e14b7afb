/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.test.HostLink;

/**
 * Tests that the blocks of a wire that sends nothing more are asked of another within about three seconds.
 * Attack A-78.
 */
class StallTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PIECES = 40;
    private static final int BLOCKS = 8;
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;

    /** The blocks that the puppet sends before its end. */
    private static final int FIRST = 40;

    /** The interval of the check for silent peers, and the time of the requests. */
    private static final Duration SLACK = Duration.ofMillis(1_500);

    /** A way to send nothing more, after some blocks. */
    private enum End {
        SILENCE(3_000) {
            @Override
            void happen(World world, Puppet puppet) {}
        },
        SILENCE_OF_THE_HOST(3_000) {
            @Override
            void happen(World world, Puppet puppet) {
                world.net.silence(puppet.address);
            }
        },
        CHOKE(0) {
            @Override
            void happen(World world, Puppet puppet) {
                puppet.send(new Message.Choke());
            }
        },
        CHOKE_WITHOUT_FAST(0) {
            @Override
            void happen(World world, Puppet puppet) {
                puppet.send(new Message.Choke());
            }
        },
        REJECTS(0) {
            @Override
            void happen(World world, Puppet puppet) {
                puppet.rejection.tryEmitEmpty();
            }
        },
        CLOSE(0) {
            @Override
            void happen(World world, Puppet puppet) {
                puppet.cut();
            }
        },
        RESET(0) {
            @Override
            void happen(World world, Puppet puppet) {
                world.net.cut(puppet.address);
            }
        };

        private final Duration patience;

        End(long patience) {
            this.patience = Duration.ofMillis(patience);
        }

        abstract void happen(World world, Puppet puppet);

        Features features() {
            return this == CHOKE_WITHOUT_FAST ? Features.DEFAULT.without(Feature.FAST) : Features.DEFAULT;
        }
    }

    /** Serves 40 blocks, and keeps all other requests. The other peer chokes until then. */
    @ParameterizedTest
    @EnumSource
    void theOutstandingBlocksAreSoonAskedOfAnother(End end) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet ending = world.puppet().features(end.features());
            ending.answer(Answers.when(
                    ask -> ask.number() <= FIRST, Answers.serve(), Answers.rejectAt(ending.rejection.asMono())));
            Puppet other = world.puppet().neverUnchokes();
            Collected leech = world.leech(ending, other).start();
            world.advanceUntil(() -> ending.served == FIRST, LIMIT);
            world.advance(Duration.ofMillis(100)); // the last block is here, and the latest requests are there
            List<BlockRequest> outstanding = List.copyOf(ending.waiting);
            other.send(new Message.Unchoke());
            end.happen(world, ending);

            Duration took = world.advanceUntil(() -> other.requested.keySet().containsAll(outstanding), LIMIT);

            assertThat(outstanding).hasSizeGreaterThan(8);
            assertThat(took).isBetween(end.patience.minusMillis(100), end.patience.plus(SLACK));
            leech.await(LIMIT);
            world.net.restart(ending.address); // or the silent one hears of no end
            assertThat(other.requested.values()).as("requests of each block").containsOnly(1);
        }
    }

    /** The bytes of the first half of a block are here when the wire ends. */
    @Test
    void aBlockCutInItsMiddleIsFetchedFromAnother() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            int rate = 100_000;
            Puppet dying = world.puppet(HostLink.of(rate, rate))
                    .answer(Answers.when(ask -> ask.number() < 5, Answers.serve(), Answers.dieInBlock(rate)));
            Puppet other = world.puppet();
            Collected leech = world.leech(dying, other).start();

            Duration took = leech.await(LIMIT);

            assertThat(leech.of(dying).received()).isLessThanOrEqualTo(5 * BLOCK);
            assertThat(took).isLessThan(Duration.ofSeconds(8));
            assertThat(leech.stats().wasted()).isZero();
        }
    }

    /** Without a limit of the bytes per second, the end of the wire arrives together with the blocks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 12, 30})
    void blocksThatArriveJustBeforeTheEndOfTheirWireAreUsed(int blocks) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            world.leechLink = HostLink.of(HostLink.UNLIMITED, HostLink.UNLIMITED);
            Puppet ending = world.puppet(HostLink.of(HostLink.UNLIMITED, HostLink.UNLIMITED))
                    .answer(Answers.closeAfter(blocks));
            Puppet other = world.puppet().neverUnchokes();
            Collected leech = world.leech(ending, other).start();
            world.advanceUntil(() -> ending.wires == 1 && ending.open() == 0, LIMIT);
            ending.neverUnchokes();
            other.send(new Message.Unchoke());

            leech.await(LIMIT);

            assertThat(ending.served).isEqualTo(blocks);
            assertThat(leech.of(ending).received() / BLOCK).isEqualTo(ending.served);
            assertThat(other.requests).isEqualTo(PIECES * BLOCKS - ending.served);
        }
    }
}
