/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A swarm under test in a {@link World}, its events, and the pieces that it has emitted. */
final class Collected {
    private final World world;
    final InetSocketAddress address;
    final Swarm swarm;
    final List<SwarmEvent> events = new ArrayList<>();

    /** The number of times that each piece was emitted. */
    final Map<Integer, Integer> counts = new LinkedHashMap<>();

    /** The pieces that were emitted with wrong bytes. */
    final Set<Integer> wrong = new LinkedHashSet<>();

    boolean complete;

    @Nullable
    Throwable error;

    private final Taker taker = new Taker();

    private final class Taker extends BaseSubscriber<Piece> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // the test requests
        }

        @Override
        protected void hookOnNext(Piece piece) {
            take(piece);
        }

        @Override
        protected void hookOnComplete() {
            complete = true;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            error = failure;
        }
    }

    Collected(World world, InetSocketAddress address, Swarm swarm) {
        this.world = world;
        this.address = address;
        this.swarm = swarm;
        swarm.events().subscribe(events::add);
    }

    // ---- the subscriber ----

    /** Subscribes to all pieces without a limit. */
    Collected start() {
        return start(PieceOrder.rarestFirst(), Long.MAX_VALUE);
    }

    /** Subscribes to the pieces of an order, and requests some. */
    Collected start(PieceOrder order, long demand) {
        swarm.pieces(order).subscribe(taker);
        request(demand);
        return this;
    }

    /** Requests further pieces. */
    void request(long pieces) {
        if (pieces > 0) {
            taker.request(pieces);
        }
    }

    /** Cancels the subscription. */
    void cancel() {
        taker.cancel();
    }

    private void take(Piece piece) {
        counts.merge(piece.index(), 1, Integer::sum);
        byte[] bytes = new byte[piece.data().readableBytes()];
        piece.data().getBytes(piece.data().readerIndex(), bytes);
        int from = piece.index() * world.torrent.pieceLength();
        if (!Arrays.equals(
                bytes, 0, bytes.length, world.content, from, Math.min(from + length(piece), world.content.length))) {
            wrong.add(piece.index());
        }
        piece.release();
    }

    private int length(Piece piece) {
        return world.torrent.shape().pieceLength(piece.index());
    }

    // ---- what came ----

    /** Advances the clock until all pieces have come. Asserts that each is right and came once. Returns the time. */
    Duration await(Duration limit) {
        Duration took = world.advanceUntil(() -> complete || error != null, limit);
        assertThat(error).isNull();
        assertThat(wrong).as("wrong pieces").isEmpty();
        assertThat(counts).as("pieces").hasSize(world.torrent.pieceCount());
        assertThat(counts.values()).as("emissions of each piece").containsOnly(1);
        return took;
    }

    /** Returns the events of a kind so far. */
    <T extends SwarmEvent> List<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Returns a snapshot of the swarm. */
    SwarmStats stats() {
        AtomicReference<@Nullable SwarmStats> stats = new AtomicReference<>();
        swarm.stats().subscribe(stats::set);
        if (stats.get() == null) {
            world.net.advance(Duration.ZERO);
        }
        return Objects.requireNonNull(stats.get(), "the clock must stand still");
    }

    /** Returns the facts about a puppet. */
    PeerStats of(Puppet puppet) {
        return stats().peers().stream()
                .filter(peer -> peer.id().equals(puppet.id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the swarm must know " + puppet));
    }

    /** Returns true if the swarm has said that it has banned a puppet. */
    boolean hasBanned(Puppet puppet) {
        return seen(SwarmEvent.Banned.class).stream().anyMatch(ban -> ban.id().equals(puppet.id));
    }
}
