/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A download of a torrent: first the metadata if there is only a link, then the pieces from all peers. Serves the
 * verified pieces at the same time.
 */
public final class Downloader {
    private static final Duration PROGRESS = Duration.ofMillis(250);
    private static final Duration WAITING = Duration.ofSeconds(30);
    private static final Duration WAITING_ALONE = Duration.ofSeconds(10);
    private static final int RATE_SPAN = 8;

    private final Target target;
    private final Path folder;
    private final boolean overwrite;
    private final SwarmEvent.Listener events;
    private final Scheduler loop;
    private final PeerId peerId = PeerId.random();
    private final UtPex pex = UtPex.create();
    private final Uploads uploads = new Uploads();
    private final Sinks.One<Transfer> ready = Sinks.one();
    private final Swarm swarm;
    private final MetadataSource metadata;
    private final long[] history = new long[RATE_SPAN];
    private volatile @Nullable Torrent torrent;
    private @Nullable Contents contents;
    private BitSet have = new BitSet();
    private @Nullable Transfer transfer;
    private final Silence silence = new Silence(WAITING, WAITING_ALONE);
    private final @Nullable Duration giveUp;
    private boolean isDone;
    private int tick;

    /**
     * Creates a download that is not started.
     *
     * @param folder the folder to download to
     * @param settings the connections; the peers of the target are dialled too
     * @param events receives the events, on the thread of the swarm
     */
    public Downloader(Target target, Path folder, SwarmSettings settings, SwarmEvent.Listener events) {
        this(target, folder, settings, events, Schedulers.single());
    }

    /** Creates a download with its thread. */
    Downloader(Target target, Path folder, SwarmSettings settings, SwarmEvent.Listener events, Scheduler loop) {
        this.loop = loop;
        this.giveUp = settings.patience().progress();
        this.target = target;
        this.folder = folder;
        this.overwrite = settings.overwrite();
        this.events = event -> {
            if (!isDone) {
                events.on(event); // the end of a wire after the completion is no news
            }
        };
        this.torrent = target.torrent();
        this.metadata = new MetadataSource(target);
        List<InetSocketAddress> peers = Stream.concat(settings.peers().stream(), target.peers().stream())
                .distinct()
                .toList();
        this.swarm =
                new Swarm(settings.withPeers(peers), target.hashes(), this::self, this::session, this.events, loop);
    }

    /** Returns our peer id. */
    public PeerId peerId() {
        return peerId;
    }

    /**
     * Downloads on subscription. Emits one event when every piece is verified. Fails when the patience of the
     * settings ends or the disk fails.
     */
    public Mono<SwarmEvent.Completed> run() {
        return Mono.defer(() -> {
            long started = loop.now(TimeUnit.MILLISECONDS);
            Mono<SwarmEvent.Completed> work =
                    metadata.torrent().publishOn(loop).flatMap(found -> download(found, started));
            Mono<SwarmEvent.Completed> peers = swarm.run().then(Mono.never());
            Mono<SwarmEvent.Completed> reports = Flux.interval(PROGRESS, loop)
                    .onBackpressureDrop()
                    .doOnNext(now -> {
                        report();
                        listen();
                    })
                    .then(Mono.never());
            return Mono.firstWithSignal(work, peers, reports);
        });
    }

    private Mono<SwarmEvent.Completed> download(Torrent found, long started) {
        boolean news = torrent == null;
        torrent = found;
        contents = Contents.of(found);
        swarm.hashes(found.hashes());
        swarm.needsPeers(false); // verifying a large file takes longer than the timeout
        if (news) {
            events.on(new SwarmEvent.MetadataReceived(found));
        }
        Mono<Storage> storage = Mono.fromCallable(() -> Storage.writing(found, folder, overwrite));
        return Mono.usingWhen(
                storage,
                disk -> disk.prepare()
                        .then(disk.verifyAll())
                        .publishOn(loop)
                        .doOnNext(verified -> {
                            have = verified; // the transfer updates it
                            events.on(new SwarmEvent.Checked(have.cardinality(), found.pieceCount()));
                        })
                        .flatMap(verified -> disk.overwritten(verified)
                                .publishOn(loop)
                                .doOnNext(file -> events.on(new SwarmEvent.Overwriting(file, found.pieceCount())))
                                .thenReturn(verified))
                        .flatMap(verified -> {
                            swarm.needsPeers(have.cardinality() < found.pieceCount());
                            Transfer begun = new Transfer(disk, have, uploads, loop, events, swarm::drop);
                            transfer = begun;
                            ready.tryEmitValue(begun);
                            return begun.run();
                        })
                        .then(Mono.fromSupplier(() -> completed(found, started))),
                this::close);
    }

    private Mono<Void> close(Storage disk) {
        return swarm.farewell() // the wires read from the disk
                .then(disk.close())
                .publishOn(loop)
                .then(Mono.defer(() -> hasNothing() ? disk.discard() : Mono.empty()));
    }

    private boolean hasNothing() {
        return !isDone && transfer != null && transfer.verifiedBytes() == 0;
    }

    private SwarmEvent.Completed completed(Torrent found, long started) {
        swarm.needsPeers(false);
        report();
        Duration time = Duration.ofMillis(loop.now(TimeUnit.MILLISECONDS) - started);
        SwarmEvent.Completed done = new SwarmEvent.Completed(
                folder.resolve(found.name()),
                Contents.of(found).length(),
                time,
                transfer == null ? Map.of() : transfer.tally().perPeer());
        events.on(done);
        isDone = true;
        return done;
    }

    private void report() {
        Contents known = contents;
        if (transfer != null && known != null && !isDone) {
            long received = transfer.tally().received();
            int slot = tick++ % RATE_SPAN;
            long span = Math.min(tick, RATE_SPAN) * PROGRESS.toMillis();
            long rate = (received - history[slot]) * 1000 / span;
            history[slot] = received;
            events.on(new SwarmEvent.Progress(
                    known.length(have), known.length(), rate, swarm.wires().size()));
        }
    }

    /** Reports a long time without data. The time while the disk is verified does not count. */
    private void listen() {
        boolean checking = torrent != null && transfer == null;
        if (checking || isDone) {
            silence.reset();
            return;
        }
        int peers = swarm.wires().size();
        long received =
                transfer == null ? metadata.received() : transfer.tally().useful();
        long now = loop.now(TimeUnit.MILLISECONDS);
        Duration time = silence.check(now, received, peers == 0);
        if (!time.isZero()) {
            events.on(new SwarmEvent.Waiting(time, peers));
        }
        if (giveUp != null && silence.time(now).compareTo(giveUp) >= 0) {
            throw new SwarmException(Fates.noProgress(Reasons.text(silence.time(now)), peers));
        }
    }

    /** Returns our side of the next handshake. A private torrent allows no extensions. */
    private LocalPeer self(int port) {
        Torrent known = torrent;
        LocalPeer self = LocalPeer.of(target.infoHash(), peerId).withListenPort(port);
        LocalPeer shaped = known == null ? self : self.withShape(known.shape());
        return known != null && known.isPrivate() ? shaped : metadata.introduce(shaped.withExtension(pex));
    }

    private Mono<Void> session(Wire wire) {
        PieceSet told = uploads.tell(wire);
        Mono<Void> heard = wire.inbound()
                .filter(Downloader::isAboutPieces)
                .publishOn(loop)
                .doOnNext(message -> heard(wire, message))
                .then();
        Mono<Void> pulled =
                ready.asMono().flatMap(started -> shaped(wire, started).then(pull(wire, started, told)));
        return Mono.when(uploads.serve(wire), metadata.exchange(wire), heard, pulled)
                .doFinally(end -> loop.schedule(() -> left(wire)));
    }

    private Mono<Void> shaped(Wire wire, Transfer started) {
        return wire.torrent().isEmpty() ? wire.shape(started.shape()) : Mono.empty();
    }

    private Mono<Void> pull(Wire wire, Transfer started, PieceSet told) {
        return Mono.defer(() -> started.pull(wire, told)).subscribeOn(loop);
    }

    private void heard(Wire wire, Message message) {
        if (transfer != null) {
            transfer.heard(wire, message);
        }
    }

    private void left(Wire wire) {
        if (transfer != null) {
            transfer.leave(wire);
        }
    }

    private static boolean isAboutPieces(Message message) {
        return switch (message.type()) {
            case HAVE, BITFIELD, HAVE_ALL, HAVE_NONE, ALLOWED_FAST -> true;
            default -> false;
        };
    }
}
