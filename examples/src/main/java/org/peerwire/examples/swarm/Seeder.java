/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A seed of a torrent. Serves its metadata, its peers, and its blocks from the disk. */
public final class Seeder {
    private final Torrent torrent;
    private final Path data;
    private final SwarmSettings settings;
    private final UnaryOperator<BlockSource> source;
    private final SwarmEvent.Listener events;
    private final PeerId peerId = PeerId.random();
    private final UtPex pex = UtPex.create();
    private final Uploads uploads = new Uploads();
    private final Scheduler loop = Schedulers.single();
    private final MetadataSource metadata;

    /**
     * Creates a seed that is not started.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    public Seeder(Torrent torrent, Path data, SwarmSettings settings, SwarmEvent.Listener events) {
        this(torrent, data, settings, UnaryOperator.identity(), events);
    }

    /**
     * Creates a seed with a source between the disk and the wires, such as a {@link Throttle}.
     *
     * @param source wraps the source that reads the disk
     */
    public Seeder(
            Torrent torrent,
            Path data,
            SwarmSettings settings,
            UnaryOperator<BlockSource> source,
            SwarmEvent.Listener events) {
        this.torrent = torrent;
        this.data = data;
        this.settings = settings;
        this.source = source;
        this.events = events;
        this.metadata = new MetadataSource(Target.of(torrent));
    }

    /** Returns our peer id. */
    public PeerId peerId() {
        return peerId;
    }

    /**
     * Verifies the data, then serves it until cancelled. Fails when the data is incomplete or the port cannot be
     * opened.
     */
    public Mono<Void> run() {
        return Mono.defer(() -> run(new Swarm(settings, torrent.hashes(), this::self, this::session, events, loop)));
    }

    private Mono<Void> run(Swarm swarm) {
        return Mono.usingWhen(
                Mono.fromCallable(this::open),
                storage -> storage.verifyAll().flatMap(have -> {
                    int missing = torrent.pieceCount() - have.cardinality();
                    if (missing > 0) {
                        return Mono.error(new SwarmException(data + " does not match the torrent: " + missing + " of "
                                + torrent.pieceCount() + " pieces are missing or wrong; check --data"));
                    }
                    uploads.offer(PieceSet.all(torrent.pieceCount()), source.apply(new MappedFiles(storage)));
                    return swarm.run();
                }),
                storage -> swarm.farewell().then(storage.close())); // the wires read from the disk
    }

    private Storage open() throws IOException {
        if (!Files.exists(data)) {
            throw new NoSuchFileException(data.toString());
        }
        return Storage.reading(torrent, data);
    }

    /** Returns our side of each handshake. A private torrent allows no extensions. */
    private LocalPeer self(int port) {
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), peerId)
                .withShape(torrent.shape())
                .withListenPort(port);
        return torrent.isPrivate() ? self : metadata.introduce(self.withExtension(pex));
    }

    private Mono<Void> session(Wire wire) {
        uploads.tell(wire);
        return Mono.when(uploads.serve(wire), metadata.exchange(wire));
    }
}
