/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.StoreException.Reason;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The pieces of one torrent as files on disk, from the opening to the close. All disk access is a task of
 * {@link DiskTasks}, and signals arrive on its threads.
 */
public final class DiskStore {
    private final Torrent torrent;
    private final Place place;
    private final PieceFlags have;
    private final DiskTasks tasks = new DiskTasks(this::end);
    private volatile @Nullable Opened opened;

    /** The place of the files. */
    private record Place(Path path, boolean writable, boolean overwrites, Consumer<Path> onOverwrite) {}

    /**
     * The open files.
     *
     * @param folder the folder to download to, or null for existing data
     * @param mapped the source of existing data, or null for a folder to download to
     */
    private record Opened(
            FileLayout layout,
            FileBytes bytes,
            @Nullable DownloadFolder folder,
            @Nullable MappedFiles mapped) {}

    private DiskStore(Torrent torrent, Place place) {
        this.torrent = torrent;
        this.place = place;
        this.have = new PieceFlags(torrent.pieceCount());
    }

    /**
     * Creates a store that downloads to a folder.
     *
     * @param overwrites true to overwrite other data in the way of a file, false to refuse it
     * @param onOverwrite called with a file of other data before it is overwritten
     */
    public static DiskStore writing(Torrent torrent, Path folder, boolean overwrites, Consumer<Path> onOverwrite) {
        return new DiskStore(torrent, new Place(folder, true, overwrites, onOverwrite));
    }

    /**
     * Creates a store over existing data, which is never written to.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    public static DiskStore reading(Torrent torrent, Path data) {
        return new DiskStore(torrent, new Place(data, false, false, path -> {}));
    }

    // ---- opening ----

    /** Prepares the files, once, and returns the pieces that match. After a failure the store must be closed. */
    public Mono<PieceSet> open(PieceSet wanted) {
        BitSet pieces = new BitSet();
        wanted.stream().filter(piece -> piece < torrent.pieceCount()).forEach(pieces::set);
        return tasks.run(() -> prepare(pieces)).flatMap(files -> verify(files).then(tasks.run(() -> {
            DownloadFolder folder = files.folder();
            Path other = folder == null ? null : folder.overwritten(pieces, bits(have.toPieceSet()));
            if (other != null) {
                place.onOverwrite().accept(other);
            }
            return have.toPieceSet();
        })));
    }

    private static BitSet bits(PieceSet pieces) {
        BitSet bits = new BitSet();
        pieces.stream().forEach(bits::set);
        return bits;
    }

    private Opened prepare(BitSet wanted) throws IOException {
        Failures.requireHashes(torrent);
        Opened files = place.writable() ? folder() : existing();
        opened = files;
        DownloadFolder folder = files.folder();
        if (folder != null) {
            folder.prepare(wanted);
        }
        return files;
    }

    private Opened folder() {
        FileLayout layout = FileLayout.under(place.path(), torrent);
        DownloadFolder folder = new DownloadFolder(place.path(), layout, place.overwrites());
        return new Opened(layout, new FileBytes(layout, folder::claim), folder, null);
    }

    private Opened existing() {
        FileLayout layout = existing(torrent, place.path());
        FileBytes bytes = new FileBytes(layout, file -> {});
        MappedFiles mapped =
                new MappedFiles(layout, tasks, block -> copied(bytes, layout, block), MappedFiles.MAX_CHUNKS);
        return new Opened(layout, bytes, null, mapped);
    }

    /** Returns the existing files of a torrent. Fails if none of them exists. Blocks. */
    static FileLayout existing(Torrent torrent, Path data) {
        if (!Files.exists(data)) {
            throw Failures.of(Reason.MISSING, data, "no such file: " + data);
        }
        FileLayout layout = FileLayout.existing(torrent, data);
        if (layout.stored().stream().noneMatch(file -> Files.exists(file.path()))) {
            throw Failures.of(Reason.MISSING, data, "no file of the torrent is in " + data);
        }
        return layout;
    }

    /** Hashes all pieces of which the files have the bytes. */
    private Mono<Void> verify(Opened files) {
        return tasks.run(files.layout()::lengths)
                .flatMapMany(lengths -> Flux.range(0, torrent.pieceCount())
                        .filter(piece -> files.layout().hasBytes(piece, lengths)))
                .flatMap(
                        piece -> tasks.run(() -> files.bytes().isRight(piece, torrent))
                                .doOnNext(isRight -> {
                                    if (isRight) {
                                        have.add(piece);
                                    }
                                }),
                        Runtime.getRuntime().availableProcessors())
                .then();
    }

    // ---- open ----

    /** Writes a piece. The buffer is held until the write has ended, also after a cancellation. */
    public Mono<Void> write(Piece piece) {
        return Mono.defer(() -> {
                    Opened files = opened;
                    if (files == null || tasks.isClosed()) {
                        return Mono.error(Failures.closed());
                    }
                    if (!place.writable()) {
                        return Mono.error(
                                Failures.of(Reason.DENIED, place.path(), "existing data is never written to"));
                    }
                    Failures.requireWhole(piece, torrent);
                    int index = piece.index();
                    int length = piece.length();
                    ByteBuf data = piece.data().retain();
                    int at = data.readerIndex();
                    return tasks.run(data, () -> {
                        have.remove(index);
                        files.bytes().write(files.layout().position(index, 0), data.nioBuffer(at, length));
                        have.add(index);
                        return true;
                    });
                })
                .then();
    }

    /** Reads a range of bytes of a piece that is verified or written. */
    public Mono<ByteBuf> read(BlockRequest request) {
        Opened files = opened;
        if (files == null || tasks.isClosed()) {
            return Mono.error(Failures.closed());
        }
        if (!torrent.shape().contains(request)) {
            return Mono.error(Failures.outside(request, torrent));
        }
        if (!have.contains(request.piece())) {
            return Mono.error(Failures.absent(request.piece()));
        }
        MappedFiles mapped = files.mapped();
        return mapped != null ? mapped.read(request) : copied(files.bytes(), files.layout(), request);
    }

    private Mono<ByteBuf> copied(FileBytes bytes, FileLayout layout, BlockRequest request) {
        return tasks.run(() -> Unpooled.wrappedBuffer(
                bytes.read(layout.position(request.piece(), request.offset()), request.length())));
    }

    /** Closes the files after the tasks that run now. A store without any piece deletes the files that it created. */
    public Mono<Void> close() {
        return tasks.close();
    }

    private @Nullable Void end() throws IOException {
        Opened files = opened;
        if (files == null) {
            return null;
        }
        files.bytes().close();
        MappedFiles mapped = files.mapped();
        if (mapped != null) {
            mapped.clear();
        }
        DownloadFolder folder = files.folder();
        if (folder != null && torrent.pieceCount() > 0 && have.toPieceSet().cardinality() == 0) {
            folder.discard();
        }
        return null;
    }
}
