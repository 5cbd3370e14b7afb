/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SourceStats;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.peers.Connections;
import org.peerwire.swarm.internal.pieces.Download;
import reactor.core.publisher.Flux;

/** The number of waiting subscribers, and the end of their patience. Confined to the thread of the swarm. */
final class Asking {
    private final SwarmLoop loop;
    private final Connections connections;
    private final LongSupplier received;
    private final BooleanSupplier isHungry;
    private final Patience patience;
    private int waiting;
    private long progress;
    private long since;

    /**
     * Creates the state without anyone waiting.
     *
     * @param received returns the bytes of data and metadata received so far
     * @param isHungry returns false while nobody has demand, which is no fault of the peers
     */
    Asking(
            SwarmLoop loop,
            Connections connections,
            LongSupplier received,
            BooleanSupplier isHungry,
            Patience patience) {
        this.loop = loop;
        this.connections = connections;
        this.received = received;
        this.isHungry = isHungry;
        this.patience = patience;
    }

    /** Counts a subscriber as waiting until its publisher ends. */
    <T> Flux<T> during(Flux<T> publisher) {
        return Flux.defer(() -> {
            loop.schedule(this::enter);
            return publisher.doFinally(end -> loop.schedule(() -> waiting--));
        });
    }

    private void enter() {
        if (waiting++ == 0) {
            connections.restartPatience();
            restart();
        }
    }

    private void restart() {
        progress = received.getAsLong();
        since = loop.millis();
    }

    /**
     * Returns the failure of the swarm, or null while somebody may still hope or nobody waits.
     *
     * @param download the download, whose sources of ranges count as peers; null while the torrent is unknown
     */
    @Nullable
    SwarmException check(@Nullable Download download) {
        if (waiting == 0) {
            return null;
        }
        boolean hasSource = download != null && download.hasSource();
        boolean isIdle = hasSource && !isHungry.getAsBoolean(); // nobody has asked the source for anything
        if (isIdle || (download != null && download.isSourceOpen())) {
            connections.helped();
        }
        SwarmException lonely = connections.check(patience, hasSource);
        if (lonely != null) {
            return download == null ? lonely : withSources(lonely, download.sources());
        }
        if (received.getAsLong() != progress || !isHungry.getAsBoolean()) {
            restart();
        }
        Duration limit = patience.progress();
        Duration silence = Duration.ofMillis(loop.millis() - since);
        return limit == null || silence.toMillis() < limit.toMillis()
                ? null
                : new SwarmException(SwarmException.Reason.NO_PROGRESS, noProgress(silence, connections.size()));
    }

    /** Adds the last problem of a source of ranges to the reason. */
    private static SwarmException withSources(SwarmException lonely, List<SourceStats> sources) {
        String problems = sources.stream()
                .filter(source -> source.problem() != null)
                .limit(1)
                .map(source -> "; the source " + source.name() + " has failed: " + source.problem())
                .collect(Collectors.joining());
        return problems.isEmpty() ? lonely : new SwarmException(lonely.reason(), lonely.getMessage() + problems);
    }

    /**
     * Returns the reason of a download without progress.
     *
     * @param peers the number of connected peers
     */
    static String noProgress(Duration time, int peers) {
        String from = peers == 0
                ? ", and no peer is connected"
                : " from " + peers + " connected peer" + (peers == 1 ? "" : "s");
        return "no data for " + Reasons.text(time) + from;
    }
}
