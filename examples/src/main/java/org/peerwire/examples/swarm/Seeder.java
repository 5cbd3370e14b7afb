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

/** Serves a torrent: metadata, peers, and blocks straight from the disk. */
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
     * A seed, not yet started.
     *
     * @param data the file or folder itself, or the folder it is in
     */
    public Seeder(Torrent torrent, Path data, SwarmSettings settings, SwarmEvent.Listener events) {
        this(torrent, data, settings, UnaryOperator.identity(), events);
    }

    /**
     * The same with something between the disk and the wires, such as a {@link Throttle}.
     *
     * @param source gets the blocks of the disk and gives those to serve
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

    /** What we call ourselves. */
    public PeerId peerId() {
        return peerId;
    }

    /** Verifies the data, then serves it until cancelled; fails when the data is not whole or there is no way to listen. */
    public Mono<Void> run() {
        Swarm swarm = new Swarm(settings, torrent.hashes().wire(), this::self, this::session, events, loop);
        return Mono.usingWhen(
                Mono.fromCallable(this::open),
                storage -> storage.verifyAll().flatMap(have -> {
                    int missing = torrent.pieceCount() - have.cardinality();
                    if (missing > 0) {
                        return Mono.error(new SwarmException(data + " is not the data of this torrent: " + missing
                                + " of " + torrent.pieceCount() + " pieces are missing or wrong"));
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

    /** Who we are: in a private torrent one without extensions. */
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
