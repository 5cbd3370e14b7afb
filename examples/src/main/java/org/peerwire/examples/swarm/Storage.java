/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.concurrent.Callable;
import org.peerwire.Block;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The files of a torrent as one range of bytes. All disk access runs on {@link Schedulers#boundedElastic()}, and
 * signals arrive on its threads.
 *
 * <p>A file is created with its first block and stays sparse until it is complete. Hashing the disk finds the verified
 * pieces, so an interrupted download resumes. Complete data may be read-only.
 */
public final class Storage {
    private static final int READ_BUFFER = 1024 * 1024;

    /**
     * Runs tasks that block. Cancelling discards only the result. The elastic scheduler alone would interrupt the
     * thread, and an interrupt closes the {@link FileChannel} for all its users.
     */
    private static final Scheduler DISK = new LastingTasks(Schedulers.boundedElastic());

    private final FileLayout files;
    private final Torrent torrent;
    private final TorrentShape shape;
    private final DownloadFolder folder;
    private final OpenFiles open;

    private Storage(Path root, FileLayout files, Torrent torrent, boolean writable, boolean overwrite) {
        this.files = files;
        this.torrent = torrent;
        this.shape = torrent.shape();
        this.folder = new DownloadFolder(root, files, overwrite);
        this.open = new OpenFiles(torrent.name(), files.all().size(), writable);
    }

    /**
     * Creates a storage to download to. Other data in the way of a file is refused.
     *
     * @param folder the folder to download to
     */
    public static Storage writing(Torrent torrent, Path folder) {
        return writing(torrent, folder, false);
    }

    /**
     * Creates a storage to download to.
     *
     * @param folder the folder to download to
     * @param overwrite true to overwrite other data in the way of a file, false to refuse it
     */
    public static Storage writing(Torrent torrent, Path folder, boolean overwrite) {
        return new Storage(folder, FileLayout.under(folder, torrent), torrent, true, overwrite);
    }

    /**
     * Creates a storage over existing data, which is never written to.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    public static Storage reading(Torrent torrent, Path data) {
        return new Storage(data, FileLayout.existing(torrent, data), torrent, false, false);
    }

    /** Returns the shape of the torrent. */
    public TorrentShape shape() {
        return shape;
    }

    /**
     * Creates folders and empty files. Fails if an existing file would be damaged, or if the disk has not enough space.
     */
    public Mono<Void> prepare() {
        return offLoop(() -> {
                    folder.prepare();
                    return true;
                })
                .then();
    }

    /**
     * Returns a file of other data that is going to be overwritten, or empty. Fails if overwriting was not requested.
     *
     * @param have the result of {@link #verifyAll()}
     */
    Mono<Path> overwritten(BitSet have) {
        return offLoop(() -> folder.overwritten(have));
    }

    /** Deletes the files that this storage has created. For a download that ends without a complete piece. */
    Mono<Void> discard() {
        return offLoop(() -> {
                    folder.discard();
                    return true;
                })
                .then();
    }

    /** Reads one block into a buffer on the heap, which needs no release. {@link MappedFiles} is faster. */
    public Mono<ByteBuf> read(BlockRequest block) {
        return offLoop(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(block.length());
            read(position(block.piece(), block.offset()), bytes);
            return Unpooled.wrappedBuffer(bytes.flip());
        });
    }

    /** Writes one block. */
    public Mono<Void> write(Block block) {
        return offLoop(() -> {
                    writeBlock(block);
                    return true;
                })
                .then();
    }

    /**
     * Writes blocks in their order and releases them. Emits the request of each written block. Blocks that are
     * available together are written without a change of threads.
     *
     * @param maxWaiting the maximum number of blocks that wait for the disk
     */
    Flux<BlockRequest> write(Flux<Block> blocks, int maxWaiting) {
        return blocks.publishOn(DISK, maxWaiting).handle((block, sink) -> {
            try {
                writeBlock(block);
                sink.next(block.request());
            } catch (IOException e) {
                sink.error(e);
            } finally {
                block.release();
            }
        });
    }

    private void writeBlock(Block block) throws IOException {
        write(position(block.piece(), block.offset()), block.data().nioBuffer());
    }

    /** Returns whether the hash of a piece on disk matches. */
    public Mono<Boolean> verify(int piece) {
        return offLoop(() -> isRight(piece, ByteBuffer.allocate(Math.min(READ_BUFFER, shape.pieceLength()))));
    }

    /** Hashes all existing data and returns the pieces that match. */
    public Mono<BitSet> verifyAll() {
        return Flux.range(0, shape.pieceCount())
                .flatMap(
                        piece -> verify(piece).filter(right -> right).map(right -> piece),
                        Runtime.getRuntime().availableProcessors())
                .collect(BitSet::new, BitSet::set);
    }

    /** Closes the files. A block that is read or written later fails with an {@link IOException}. */
    public Mono<Void> close() {
        return offLoop(() -> {
                    open.close();
                    return true;
                })
                .then();
    }

    private boolean isRight(int piece, ByteBuffer buffer) throws IOException {
        MessageDigest sha1 = sha1();
        long at = position(piece, 0);
        for (int left = shape.pieceLength(piece); left > 0; ) {
            buffer.clear().limit(Math.min(left, buffer.capacity()));
            try {
                read(at, buffer);
            } catch (EOFException | NoSuchFileException e) {
                return false;
            }
            buffer.flip();
            left -= buffer.remaining();
            at += buffer.remaining();
            sha1.update(buffer);
        }
        return MessageDigest.isEqual(sha1.digest(), torrent.pieceHash(piece));
    }

    FileLayout files() {
        return files;
    }

    long position(int piece, int offset) {
        return (long) piece * shape.pieceLength() + offset;
    }

    /** Fills {@code into} with the bytes at {@code at}, which may span several files. */
    private void read(long at, ByteBuffer into) throws IOException {
        int limit = into.limit();
        for (int i = files.indexAt(at); into.position() < limit; i++) {
            StoredFile file = files.all().get(i);
            if (file.length() == 0) {
                continue;
            }
            long from = at - file.offset();
            into.limit((int) Math.min(limit, into.position() + file.length() - from));
            at += into.remaining();
            if (file.padding()) {
                into.put(new byte[into.remaining()]);
            } else if (!Files.exists(file.path())) {
                throw new NoSuchFileException(file.path().toString());
            } else {
                open.read(file, channel -> readFully(channel, into, from, file));
            }
            into.limit(limit);
        }
    }

    private void write(long at, ByteBuffer bytes) throws IOException {
        int limit = bytes.limit();
        for (int i = files.indexAt(at); bytes.position() < limit; i++) {
            StoredFile file = files.all().get(i);
            if (file.length() == 0) {
                continue;
            }
            long from = at - file.offset();
            bytes.limit((int) Math.min(limit, bytes.position() + file.length() - from));
            at += bytes.remaining();
            if (file.padding()) {
                bytes.position(bytes.limit());
            } else {
                open.write(file, channel -> writeFully(channel, bytes, from, file));
            }
            bytes.limit(limit);
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long from, StoredFile file) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException(file.path() + " must have " + file.length() + " bytes, was " + channel.size());
            }
            at += count;
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long from, StoredFile file)
            throws IOException {
        long at = from;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + file.path() + ": " + e.getMessage()
                            + "; the verified pieces are kept, start again to continue",
                    e);
        }
    }

    static <T> Mono<T> offLoop(Callable<T> task) {
        return Mono.fromCallable(task).subscribeOn(DISK);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
