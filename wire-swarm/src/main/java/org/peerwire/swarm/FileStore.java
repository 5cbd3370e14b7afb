/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.internal.store.DiskStore;
import org.peerwire.swarm.internal.store.Failures;
import reactor.core.publisher.Mono;

/**
 * The files of a torrent on disk. One store is for one torrent, and is opened once.
 *
 * <pre>{@code
 * FileStore.in(downloads)             // to download to, and to serve meanwhile
 * FileStore.existing(data)            // complete data, read-only
 * }</pre>
 *
 * <p>All disk access is on {@link reactor.core.scheduler.Schedulers#boundedElastic()}, where signals arrive. An access
 * that has begun is not interrupted by a cancellation. Thread-safe.
 *
 * <p>A folder is downloaded to as follows:
 *
 * <ul>
 * <li>{@link #open} hashes the data that is there, so an interrupted download resumes.
 * <li>A file is created with its first piece. It stays sparse until it is complete. Empty files are created when all
 *     pieces are wanted.
 * <li>A piece in several files is written to all of them, also to those that are not wanted.
 * <li>A path that leads out of the folder is refused, also by symbolic links.
 * <li>Other data in the place of a file is refused, unless {@link #overwrite} allows it.
 * <li>If no piece was ever verified or written, {@link #close} deletes the files and folders that were created.
 * </ul>
 */
public final class FileStore implements PieceStore {
    private final Path path;
    private final boolean writable;
    private final boolean overwrites;
    private final Consumer<Path> onOverwrite;
    private final AtomicReference<@Nullable DiskStore> current = new AtomicReference<>();
    private volatile boolean closed;

    private FileStore(Path path, boolean writable, boolean overwrites, Consumer<Path> onOverwrite) {
        this.path = path;
        this.writable = writable;
        this.overwrites = overwrites;
        this.onOverwrite = onOverwrite;
    }

    /**
     * Returns a store that downloads to a folder.
     *
     * @param folder the folder that gets the file or folder of the torrent. It may not exist yet
     */
    public static FileStore in(Path folder) {
        return new FileStore(folder, true, false, other -> {});
    }

    /**
     * Returns a store over existing data, which is never written to. Blocks are slices of memory-mapped files, so a
     * socket takes them without a copy in the heap.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    public static FileStore existing(Path data) {
        return new FileStore(data, false, false, other -> {});
    }

    /**
     * Returns a new store with this choice for other data in the place of a file. Has no effect on existing data.
     *
     * @param allowed true to overwrite it, and to shorten a file that is longer than in the torrent; false, the default,
     *     to refuse it
     */
    public FileStore overwrite(boolean allowed) {
        return new FileStore(path, writable, allowed, onOverwrite);
    }

    /**
     * Returns a new store with a listener. It is called in {@link #open} with a file of other data that is going to be
     * overwritten, on a thread that may block. Its exception fails the opening.
     */
    public FileStore onOverwrite(Consumer<Path> listener) {
        return new FileStore(path, writable, overwrites, listener);
    }

    /**
     * Returns the file of a torrent of one file, or the folder with the files of the torrent, in the folder of this
     * store. Does not look at the disk. Returns the given path for {@linkplain #existing existing data}.
     */
    public Path path(Torrent torrent) {
        if (!writable) {
            return path;
        }
        Path first = torrent.files().get(0).under(path);
        return path.resolve(path.relativize(first).getName(0));
    }

    /**
     * Prepares the files, and hashes the data that is there. A store may be opened again after a failure or a
     * cancellation.
     *
     * @param wanted the pieces that are going to be written. Only their files are prepared, and only they need space
     * @return the verified pieces. Fails with {@link StoreException}, or {@link IllegalStateException} if the store is
     *     open
     */
    @Override
    public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
        return Mono.defer(() -> {
            DiskStore disk = writable
                    ? DiskStore.writing(torrent, path, overwrites, onOverwrite)
                    : DiskStore.reading(torrent, path);
            if (closed) {
                return Mono.error(Failures.closed());
            }
            if (!current.compareAndSet(null, disk)) {
                return Mono.error(new IllegalStateException("the store must not be open, was open"));
            }
            Mono<Void> end = disk.close().onErrorComplete().doOnTerminate(() -> current.compareAndSet(disk, null));
            if (closed) { // a close at the same time may have missed this
                return end.then(Mono.error(Failures.closed()));
            }
            return disk.open(wanted)
                    .onErrorResume(error -> end.then(Mono.error(error)))
                    .doOnCancel(end::subscribe);
        });
    }

    @Override
    public Mono<Void> write(Piece piece) {
        return Mono.defer(() -> {
            DiskStore disk = current.get();
            return disk == null ? Mono.error(notOpen()) : disk.write(piece);
        });
    }

    /**
     * Reads a range of bytes of one piece that was verified or written.
     *
     * @return a buffer that needs no release. Fails with {@link StoreException} MISSING while the piece is being written
     */
    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        DiskStore disk = current.get();
        return disk == null ? Mono.error(notOpen()) : disk.read(request);
    }

    private RuntimeException notOpen() {
        return closed ? Failures.closed() : new IllegalStateException("the store must be open, was not");
    }

    /** Closes the files after the reads and writes that run now. Completes at once if the store is not open. */
    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            DiskStore disk = current.get();
            return disk == null ? Mono.empty() : disk.close();
        });
    }
}
