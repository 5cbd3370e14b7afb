/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmStats;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The download of one torrent to a folder, and the events that people are told of it. The state is confined to the
 * thread of the swarm.
 */
final class Download {
    private static final Duration TICK = Duration.ofMillis(250);

    /** The number of pieces after the first missing one that may be requested in a sequential download. */
    private static final int WINDOW = 64;

    private final Target target;
    private final Plan plan;
    private final Swarm swarm;
    private final CliEvent.Listener events;
    private final BiPredicate<Torrent, Path> claim;
    private final Scheduler clock = Schedulers.parallel();
    private final FileStore files;
    private final WatchedStore store;
    private final Progress progress = new Progress();
    private volatile @Nullable Torrent torrent;
    private FileSelection selected = FileSelection.ALL;
    private boolean isComplete;

    /**
     * Creates a download that is not started.
     *
     * @param swarm a swarm for the target, which is closed at the end
     * @param claim returns false if another torrent is downloaded to the same path
     */
    Download(Target target, Plan plan, Swarm swarm, BiPredicate<Torrent, Path> claim, CliEvent.Listener events) {
        this.target = target;
        this.plan = plan;
        this.swarm = swarm;
        this.claim = claim;
        this.events = events;
        this.torrent = target.torrent();
        this.files = FileStore.in(plan.folder())
                .overwrite(plan.overwrite())
                .onOverwrite(path -> events.on(new CliEvent.Overwriting(
                        path, Objects.requireNonNull(torrent).pieceCount())));
        this.store = new WatchedStore(files);
    }

    /**
     * Downloads on subscription, and seeds afterwards if that is wanted. Completes when the swarm is closed. Fails when
     * the patience of the swarm ends or the disk fails.
     */
    Mono<Void> run() {
        return Mono.usingWhen(
                Mono.just(swarm),
                running -> Mono.firstWithSignal(listened(), watched(), downloaded()),
                running -> running.close());
    }

    private Mono<Void> listened() {
        return swarm.events().doOnNext(this::heard).then(Mono.never());
    }

    private Mono<Void> watched() {
        return Flux.interval(TICK, clock)
                .onBackpressureDrop()
                .concatMap(tick -> swarm.stats(), 1)
                .doOnNext(this::tell)
                .then(Mono.never());
    }

    private Mono<Void> downloaded() {
        return Mono.defer(() -> {
            long started = clock.now(TimeUnit.MILLISECONDS);
            return swarm.torrent()
                    .delayUntil(found -> swarm.stats()) // which is on the thread of the swarm
                    .flatMap(found -> swarm.download(store, order(found)))
                    .then(swarm.stats()) // after the last event
                    .doOnNext(stats -> completed(stats, started))
                    .flatMap(this::seeded);
        });
    }

    private PieceOrder order(Torrent found) {
        torrent = found;
        selected = plan.files() != null ? plan.files() : target.files();
        PieceOrder order =
                (plan.sequential() ? PieceOrder.sequential(WINDOW) : PieceOrder.rarestFirst()).files(selected);
        try {
            progress.begin(found, order.wanted(found));
        } catch (IllegalArgumentException e) {
            throw new Failure((plan.files() != null ? "--files" : "the link (so=)") + " selects none of the "
                    + Texts.count(found.files().size(), "file") + ", which begin with number 0, was " + selected);
        }
        if (!claim.test(found, files.path(found))) {
            throw new Failure(files.path(found) + " belongs to another torrent of this command; use another folder");
        }
        return order;
    }

    // ---- events ----

    private void heard(SwarmEvent event) {
        if (event instanceof SwarmEvent.StoreOpened) {
            store.opened().subscribe(progress::opened); // there already
        } else if (event instanceof SwarmEvent.PieceVerified verified) {
            progress.verified(verified.piece());
        }
        events.on(new CliEvent.OfSwarm(event));
    }

    private void tell(SwarmStats stats) {
        if (isComplete) {
            return;
        }
        CliEvent.Waiting silence = progress.silence(stats, clock.now(TimeUnit.MILLISECONDS));
        if (progress.isNews(stats)) {
            events.on(progress.next(stats));
        }
        if (silence != null) {
            events.on(silence);
        }
    }

    private void completed(SwarmStats stats, long started) {
        Torrent found = Objects.requireNonNull(torrent);
        tell(stats);
        isComplete = true;
        Map<InetSocketAddress, Long> perPeer = new HashMap<>();
        stats.peers().stream()
                .filter(peer -> peer.received() > 0)
                .forEach(peer -> perPeer.merge(peer.address(), peer.received(), Long::sum));
        Duration time = Duration.ofMillis(clock.now(TimeUnit.MILLISECONDS) - started);
        events.on(new CliEvent.Completed(files.path(found), Contents.of(found).length(selected), time, perPeer));
    }

    // ---- seeding ----

    private Mono<Void> seeded(SwarmStats atCompletion) {
        Plan.Seeding end = plan.seeding();
        if (end == null) {
            return Mono.empty();
        }
        long received = atCompletion.received();
        long base = received > 0
                ? received
                : Contents.of(Objects.requireNonNull(torrent)).length(selected);
        events.on(new CliEvent.Seeding(end.ratio(), end.time()));
        Duration time = end.time();
        Mono<?> timeOver = time == null ? Mono.never() : Mono.delay(time, clock);
        Double ratio = end.ratio();
        Mono<?> enough = ratio == null
                ? Mono.never()
                : Flux.interval(TICK, clock)
                        .onBackpressureDrop()
                        .concatMap(tick -> swarm.stats(), 1)
                        .filter(stats -> ratio(stats, base) >= ratio)
                        .next();
        return Mono.firstWithSignal(timeOver, enough)
                .then(swarm.stats())
                .doOnNext(stats -> events.on(new CliEvent.Seeded(stats.sent(), ratio(stats, base))))
                .then();
    }

    private static double ratio(SwarmStats stats, long received) {
        return received == 0 ? 0 : (double) stats.sent() / received;
    }
}
