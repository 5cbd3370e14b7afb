/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.PayloadMode;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Downloads to a store whose calls fail, throw, never end, or end after the swarm. */
class FailingStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(12);

    private final World world = new World(1, 8, 2);
    private final TestStore store = new TestStore();
    private final List<Throwable> errors = new ArrayList<>();
    private boolean isComplete;

    @AfterEach
    void endWorld() {
        world.close();
    }

    /** A store of a test, whose calls may be replaced. */
    private static final class TestStore implements PieceStore {
        private final BytesStore bytes = new BytesStore(null);
        private UnaryOperator<Mono<PieceSet>> open = UnaryOperator.identity();
        private UnaryOperator<Mono<Void>> write = UnaryOperator.identity();
        private UnaryOperator<Mono<ByteBuf>> read = UnaryOperator.identity();
        private UnaryOperator<Mono<Void>> close = UnaryOperator.identity();
        private int opened;
        private int writes;
        private int closed;

        @Override
        public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
            opened++;
            return open.apply(bytes.open(torrent, wanted));
        }

        @Override
        public Mono<Void> write(Piece piece) {
            writes++;
            return write.apply(bytes.write(piece));
        }

        @Override
        public Mono<ByteBuf> read(BlockRequest request) {
            return read.apply(bytes.read(request));
        }

        @Override
        public Mono<Void> close() {
            closed++;
            return close.apply(bytes.close());
        }
    }

    /** The ways in which a call fails. */
    private enum Fault {
        /** The publisher fails. */
        ERROR,
        /** The publisher fails a second later, on another thread or not. */
        LATE,
        /** The method throws. */
        THROW;

        <T> Mono<T> in(World world) {
            StoreException failure = new StoreException(StoreException.Reason.IO, "the disk is broken", null, null);
            return switch (this) {
                case ERROR -> Mono.error(failure);
                case LATE ->
                    Mono.delay(Duration.ofSeconds(1), world.net.clock()).flatMap(tick -> Mono.error(failure));
                case THROW -> throw failure;
            };
        }
    }

    private Collected leech() {
        return world.leech(SwarmOptions.builder().payload(PayloadMode.POOLED), List.of(world.puppet().address));
    }

    private Collected download() {
        Collected leech = leech();
        leech.swarm.download(store).subscribe(null, errors::add, () -> isComplete = true);
        return leech;
    }

    private void awaitOneFailure() {
        world.advanceUntil(() -> !errors.isEmpty() || isComplete, LIMIT);
        world.advance(Duration.ofSeconds(5)); // for a second failure
        assertThat(isComplete).isFalse();
        assertThat(errors).singleElement().isInstanceOf(StoreException.class).satisfies(error -> assertThat(error)
                .hasMessage("the disk is broken"));
    }

    /** Closes the swarm, and asserts that this ends in time and leaves nothing in memory. */
    private void close(Collected leech) {
        boolean[] closed = {false};
        leech.swarm.close().onErrorComplete().subscribe(null, null, () -> closed[0] = true);
        world.advanceUntil(() -> closed[0], CLOSING);
        assertThat(leech.stats().held()).isZero();
        assertThat(leech.stats().wires()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatCannotBeOpenedFailsTheDownload(Fault fault) {
        store.open = opened -> fault.in(world);
        Collected leech = download();

        awaitOneFailure();

        close(leech);
        assertThat(store.opened).isOne();
        assertThat(store.writes).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatFailsEndsTheDownloadWithOneFailure(Fault fault) {
        store.write = written -> store.writes == 3 ? fault.in(world) : written;
        Collected leech = download();

        awaitOneFailure();

        assertThat(leech.stats().held()).isZero();
        close(leech);
        assertThat(store.closed).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatFailsEndsTheSubscriberWithOneFailure(Fault fault) {
        Collected leech = download();
        world.advanceUntil(() -> isComplete, LIMIT);
        isComplete = false;
        store.read = data -> fault.in(world);

        leech.swarm.pieces().subscribe(Piece::release, errors::add, () -> isComplete = true);

        awaitOneFailure();
        close(leech);
        assertThat(store.closed).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void aCloseThatFailsStillClosesTheSwarm(Fault fault) {
        store.close = closed -> fault.in(world);
        Collected leech = download();
        world.advanceUntil(() -> isComplete, LIMIT);

        close(leech);
    }

    @Test
    void aStoreThatNeverOpensEndsWithTheSwarm() {
        store.open = opened -> Mono.never();
        Collected leech = download();
        world.advance(Duration.ofSeconds(5));

        close(leech);

        assertThat(errors).singleElement().isInstanceOf(SwarmException.class);
    }

    @Test
    void aStoreThatOpensAfterTheEndIsClosed() {
        Sinks.Empty<Void> gate = Sinks.empty();
        store.open = opened -> gate.asMono().then(opened);
        Collected leech = download();
        world.advance(Duration.ofSeconds(5));

        close(leech);
        gate.tryEmitEmpty();
        world.advance(Duration.ofSeconds(1));

        assertThat(store.closed).isOne();
        assertThat(leech.stats().pieces()).isZero();
        assertThat(leech.seen(SwarmEvent.StoreOpened.class)).isEmpty();
    }

    @Test
    void writesThatHangHoldNoMoreThanTheLimitAndDoNotHoldTheSwarm() {
        Sinks.Empty<Void> gate = Sinks.empty();
        store.write = written -> gate.asMono().then(written);
        Collected leech = world.leech(SwarmOptions.builder().piecesInFlight(3), List.of(world.puppet().address));
        leech.swarm.download(store).subscribe(null, errors::add, () -> isComplete = true);

        world.advance(Duration.ofSeconds(30));

        assertThat(store.writes).isEqualTo(3);
        assertThat(leech.stats().held()).isEqualTo(3);
        close(leech);
        assertThat(errors).singleElement().isInstanceOf(SwarmException.class);
        assertThat(store.closed).isOne();
        gate.tryEmitEmpty(); // a buffer belongs to the store until its write has ended
    }

    @Test
    void aWriteThatEndsAfterTheSwarmChangesNothing() {
        Sinks.Empty<Void> gate = Sinks.empty();
        store.write = written -> gate.asMono().then(written);
        Collected leech = download();
        world.advance(Duration.ofSeconds(5));
        assertThat(store.writes).isPositive();

        close(leech);
        gate.tryEmitEmpty();
        world.advance(Duration.ofSeconds(1));

        assertThat(errors).singleElement().isInstanceOf(SwarmException.class);
        assertThat(isComplete).isFalse();
        assertThat(leech.seen(SwarmEvent.PieceVerified.class)).isEmpty();
    }

    @Test
    void aReadThatEndsAfterTheSwarmIsReleased() {
        Collected leech = download();
        world.advanceUntil(() -> isComplete, LIMIT);
        Sinks.Empty<Void> gate = Sinks.empty();
        store.read = data -> gate.asMono().then(data);
        leech.swarm.pieces().subscribe(Piece::release, errors::add);
        world.advance(Duration.ofSeconds(1));

        close(leech);
        gate.tryEmitEmpty();
        world.advance(Duration.ofSeconds(1));

        assertThat(errors).singleElement().isInstanceOf(SwarmException.class);
    }

    @Test
    void aReadWithoutBytesFailsTheSubscriber() {
        Collected leech = download();
        world.advanceUntil(() -> isComplete, LIMIT);
        store.read = data -> Mono.empty();

        leech.swarm.pieces().subscribe(Piece::release, errors::add);
        world.advance(Duration.ofSeconds(5));

        assertThat(errors).singleElement().isInstanceOf(StoreException.class);
        close(leech);
    }

    @Test
    void aCloseThatNeverEndsDoesNotHoldTheSwarm() {
        store.close = closed -> Mono.never();
        Collected leech = download();
        world.advanceUntil(() -> isComplete, LIMIT);

        close(leech);
    }
}
