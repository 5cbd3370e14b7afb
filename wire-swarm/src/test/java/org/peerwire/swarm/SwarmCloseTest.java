/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.PayloadMode;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Closes a swarm at each moment of its life: it ends in time, and everything with it. Attack A-83. */
class SwarmCloseTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** A second for the wires, and their last bytes. */
    private static final Duration CLOSING = Duration.ofMillis(1_100);

    /** The moment of the close. */
    private enum Moment {
        BEFORE_START,
        AT_START,
        DIALLING,
        HANDSHAKE,
        FETCHING_METADATA,
        MID_DOWNLOAD,
        MID_WRITE,
        NO_DEMAND,
        COMPLETE,
        SEEDING
    }

    /** A swarm at a moment, with one subscriber of each publisher, which counts ends. */
    private static final class Case {
        private final World world = new World(1, 8, 4);
        private final Puppet puppet = world.puppet();
        private final BytesStore store = new BytesStore(null);
        private final List<String> ended = new ArrayList<>();
        private int subscribers;
        private final Collected leech;

        Case(Moment moment) {
            SwarmBuilder builder =
                    switch (moment) {
                        case FETCHING_METADATA ->
                            Swarm.of(world.torrent.hashes()).peers(puppet.address);
                        case SEEDING -> Swarm.of(world.torrent);
                        default -> Swarm.of(world.torrent).peers(puppet.address);
                    };
            switch (moment) {
                case DIALLING -> world.net.silence(puppet.address);
                case HANDSHAKE -> puppet.neverAnswersHandshakes();
                case MID_DOWNLOAD ->
                    puppet.answer(Answers.when(ask -> ask.number() < 12, Answers.serve(), Answers.silence()));
                default -> {}
            }
            leech = world.leech(SwarmOptions.builder().payload(PayloadMode.POOLED), builder);
            if (moment != Moment.BEFORE_START) {
                start(moment);
            }
        }

        private void start(Moment moment) {
            Swarm swarm = leech.swarm;
            subscribe("events", swarm.events());
            subscribe("wires", swarm.wires());
            switch (moment) {
                case SEEDING -> {
                    subscribe("seed", swarm.seed(new BytesStore(world.content)));
                    world.advance(Duration.ofSeconds(1));
                    puppet.dial(leech.address);
                }
                case NO_DEMAND -> leech.start(PieceOrder.rarestFirst(), 0);
                case MID_WRITE -> subscribe("download", swarm.download(new SlowStore(world, store)));
                default -> subscribe("download", swarm.download(store));
            }
            subscribe("torrent", swarm.torrent());
            world.advance(
                    switch (moment) {
                        case AT_START -> Duration.ZERO;
                        case DIALLING, HANDSHAKE -> Duration.ofMillis(900);
                        case COMPLETE -> Duration.ofSeconds(10);
                        default -> Duration.ofSeconds(3);
                    });
        }

        private void subscribe(String name, Mono<?> mono) {
            subscribe(name, mono.flux());
        }

        private void subscribe(String name, Flux<?> flux) {
            subscribers++;
            flux.subscribe(item -> {}, error -> ended.add(name), () -> ended.add(name));
        }

        /** Asserts that nothing is left. */
        private void assertEnd() {
            assertThat(leech.swarm.isDisposed()).isTrue();
            assertThat(ended).as("ends of the publishers").hasSize(subscribers).doesNotHaveDuplicates();
            assertThat(world.net.connections(leech.address)).as("connections").isZero();
            assertThat(puppet.open()).as("wires of the peer").isZero();
            SwarmStats stats = leech.stats();
            assertThat(stats.wires()).isZero();
            assertThat(stats.dialling()).isZero();
            assertThat(stats.held()).isZero();
            int dials = world.dials.size();
            world.advance(Duration.ofSeconds(30));
            assertThat(world.dials).as("dials after the close").hasSize(dials);
            world.close();
        }
    }

    /** A store whose writes take a second. */
    private record SlowStore(World world, BytesStore store) implements PieceStore {
        @Override
        public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
            return store.open(torrent, wanted);
        }

        @Override
        public Mono<Void> write(Piece piece) {
            return Mono.delay(Duration.ofSeconds(1), world.net.clock()).then(store.write(piece));
        }

        @Override
        public Mono<ByteBuf> read(BlockRequest request) {
            return store.read(request);
        }

        @Override
        public Mono<Void> close() {
            return store.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsEverythingInTime(Moment moment) {
        Case at = new Case(moment);
        boolean[] closed = {false};

        at.leech.swarm.close().subscribe(null, error -> {}, () -> closed[0] = true);

        at.world.advanceUntil(() -> closed[0], CLOSING);
        at.world.advance(Duration.ofSeconds(2)); // for writes that are under way
        at.assertEnd();
    }

    @ParameterizedTest
    @EnumSource
    void aDisposeEndsEverythingAtOnce(Moment moment) {
        Case at = new Case(moment);

        at.leech.swarm.dispose();

        at.world.advance(Duration.ofMillis(100));
        assertThat(at.world.net.connections(at.leech.address)).isZero();
        at.world.advance(Duration.ofSeconds(2));
        at.assertEnd();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondCloseEndsWithTheFirst(Moment moment) {
        Case at = new Case(moment);
        List<Integer> closed = new ArrayList<>();

        Mono<Void> close = at.leech.swarm.close();
        close.subscribe(null, error -> {}, () -> closed.add(1));
        close.subscribe(null, error -> {}, () -> closed.add(2));
        at.leech.swarm.dispose();
        at.leech.swarm.close(Duration.ZERO).subscribe(null, error -> {}, () -> closed.add(3));
        at.world.advance(Duration.ofSeconds(3));
        at.leech.swarm.close().subscribe(null, error -> {}, () -> closed.add(4));
        at.world.advance(Duration.ofMillis(10));

        assertThat(closed).containsExactlyInAnyOrder(1, 2, 3, 4);
        at.assertEnd();
    }

    @Test
    void aClosedSwarmFailsLaterSubscribers() {
        Case at = new Case(Moment.MID_DOWNLOAD);
        at.leech.swarm.close().subscribe();
        at.world.advance(Duration.ofSeconds(3));
        List<Throwable> errors = new ArrayList<>();

        at.leech.swarm.pieces().subscribe(Piece::release, errors::add);
        at.leech.swarm.download(at.store).subscribe(null, errors::add);
        at.world.advance(LIMIT);

        assertThat(errors).hasSize(2).allSatisfy(error -> assertThat(error)
                .isInstanceOfSatisfying(SwarmException.class, closed -> assertThat(closed.reason())
                        .isEqualTo(SwarmException.Reason.CLOSED)));
        at.assertEnd();
    }
}
