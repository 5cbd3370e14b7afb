/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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
 * pieces, so an interrupted download resumes.
 */
public final class Storage {
    private static final int MAX_OPEN_FILES = 256;
    private static final int READ_BUFFER = 1024 * 1024;

    /**
     * Runs tasks that block. Cancelling discards only the result. The elastic scheduler alone would interrupt the
     * thread, and an interrupt closes the {@link FileChannel} for all its users.
     */
    private static final Scheduler DISK =
            Schedulers.fromExecutor(task -> Schedulers.boundedElastic().schedule(task));

    private final Path root;
    private final FileLayout files;
    private final Torrent torrent;
    private final TorrentShape shape;
    private final boolean writable;
    private volatile @Nullable Path present;
    private volatile boolean closed;
    private final Map<StoredFile, FileChannel> open = new ConcurrentHashMap<>();

    private Storage(Path root, FileLayout files, Torrent torrent, boolean writable) {
        this.root = root;
        this.files = files;
        this.torrent = torrent;
        this.shape = torrent.shape();
        this.writable = writable;
    }

    /**
     * Creates a storage to download to.
     *
     * @param folder the folder to download to
     */
    public static Storage writing(Torrent torrent, Path folder) {
        return new Storage(folder, FileLayout.under(folder, torrent), torrent, true);
    }

    /**
     * Creates a storage over existing data, which is never written to.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    public static Storage reading(Torrent torrent, Path data) {
        return new Storage(data, FileLayout.existing(torrent, data), torrent, false);
    }

    /** Returns the shape of the torrent. */
    public TorrentShape shape() {
        return shape;
    }

    /** Creates folders and empty files. Fails if an existing file would be damaged. */
    public Mono<Void> prepare() {
        return offLoop(() -> {
                    for (StoredFile file : files.all()) {
                        if (!file.padding()) {
                            prepare(file);
                        }
                    }
                    return true;
                })
                .then();
    }

    private void prepare(StoredFile file) throws IOException {
        file.checkInside(root);
        Files.createDirectories(file.path().toAbsolutePath().getParent());
        if (Files.exists(file.path())) {
            if (!Files.isRegularFile(file.path())) {
                throw new IOException(file.path() + " exists and is not a file; move it away");
            }
            if (Files.size(file.path()) > 0) {
                present = file.path();
            }
            if (Files.size(file.path()) > file.length()) {
                throw new IOException(file.path() + " has " + Files.size(file.path()) + " bytes, longer than the "
                        + file.length() + " of the torrent; move it away");
            }
        } else if (file.length() == 0) {
            Files.createFile(file.path());
        }
    }

    /** Returns a file that had data before, or null. */
    @Nullable
    Path present() {
        return present;
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
                    closed = true;
                    closeFiles();
                    return true;
                })
                .then();
    }

    private void closeFiles() throws IOException {
        for (StoredFile file : List.copyOf(open.keySet())) {
            FileChannel channel = open.remove(file);
            if (channel != null) {
                channel.close();
            }
        }
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
                access(file, channel -> readFully(channel, into, from, file));
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
                access(file, channel -> writeFully(channel, bytes, from));
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

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private interface Access {
        void with(FileChannel channel) throws IOException;
    }

    /** Opens a file for one access, and keeps it open if the torrent has at most 256 files. */
    private void access(StoredFile file, Access access) throws IOException {
        requireOpen();
        FileChannel channel = open.get(file);
        if (channel != null) {
            access.with(channel);
        } else if (files.all().size() > MAX_OPEN_FILES) {
            try (FileChannel once = openFile(file)) {
                access.with(once);
            }
        } else {
            FileChannel mine = openFile(file);
            FileChannel first = open.putIfAbsent(file, mine);
            if (first != null) {
                mine.close();
            }
            if (closed) {
                closeFiles(); // a close at the same time may have missed this file
            }
            requireOpen();
            access.with(first != null ? first : mine);
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the files of " + torrent.name() + " are closed");
        }
    }

    private FileChannel openFile(StoredFile file) throws IOException {
        Set<OpenOption> options = writable
                ? Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.SPARSE)
                : Set.of(StandardOpenOption.READ);
        return FileChannel.open(file.path(), options);
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
