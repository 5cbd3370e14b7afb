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
 * The files of a torrent as one range of bytes. Everything that touches the disk runs on
 * {@link Schedulers#boundedElastic()}; signals come from there.
 *
 * <p>Files are made when their first block comes and stay sparse until they are full. What is right on disk is found by
 * hashing it, so a download that was broken off goes on where it was.
 */
public final class Storage {
    private static final int MAX_OPEN_FILES = 256;
    private static final int READ_BUFFER = 1024 * 1024;

    /**
     * Where blocking is allowed. Cancelling only drops the result: the scheduler itself would interrupt the thread, and an
     * interrupt closes a {@link FileChannel} for everybody who uses it.
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
     * A place to download to.
     *
     * @param folder the folder that gets the file or the folder of the torrent
     */
    public static Storage writing(Torrent torrent, Path folder) {
        return new Storage(folder, FileLayout.under(folder, torrent), torrent, true);
    }

    /**
     * Data that is there, never written to.
     *
     * @param data the file or folder itself, or the folder it is in
     */
    public static Storage reading(Torrent torrent, Path data) {
        return new Storage(data, FileLayout.existing(torrent, data), torrent, false);
    }

    /** How the torrent is cut. */
    public TorrentShape shape() {
        return shape;
    }

    /** Makes directories and empty files, and checks that nothing in the way would be damaged. */
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
                throw new IOException(file.path() + " is in the way: it is not a file");
            }
            if (Files.size(file.path()) > 0) {
                present = file.path();
            }
            if (Files.size(file.path()) > file.length()) {
                throw new IOException(file.path() + " is in the way: it is longer than the file of the torrent");
            }
        } else if (file.length() == 0) {
            Files.createFile(file.path());
        }
    }

    /** A file with data that was there before, if any. */
    @Nullable
    Path present() {
        return present;
    }

    /** Reads one block; the buffer is on the heap and needs no release. {@link MappedFiles} is faster. */
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
     * Writes blocks in their order, as many as there are at a time without changing threads, releases them, and says of
     * each that it has been written.
     *
     * @param behind how many may wait for the disk
     */
    Flux<BlockRequest> write(Flux<Block> blocks, int behind) {
        return blocks.publishOn(DISK, behind).handle((block, sink) -> {
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

    /** Whether a piece is whole and right on disk. */
    public Mono<Boolean> verify(int piece) {
        return offLoop(() -> isRight(piece, ByteBuffer.allocate(Math.min(READ_BUFFER, shape.pieceLength()))));
    }

    /** The pieces that are right on disk: the place to resume from. Hashes everything that is there. */
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
        for (StoredFile file : open.keySet()) {
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

    /** Fills {@code into} from {@code at} on, over as many files as that takes. */
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
                throw new EOFException(file.path() + " is shorter than the torrent says");
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

    /** Keeps files open, unless the torrent has too many for that. */
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
