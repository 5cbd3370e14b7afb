/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.StoreException.Reason;

/**
 * The folder of a download: places, space, and files that are in the way. Blocks. {@link #prepare} is called first, and
 * {@link #discard} last; {@link #claim} is safe for use by several threads.
 */
final class DownloadFolder {
    private final Path folder;
    private final FileLayout layout;
    private final boolean overwrites;
    private final Set<Path> createdFiles = ConcurrentHashMap.newKeySet();
    private final Set<Path> createdFolders = ConcurrentHashMap.newKeySet();
    private final Set<StoredFile> claimed = ConcurrentHashMap.newKeySet();
    private @Nullable Path present;

    DownloadFolder(Path folder, FileLayout layout, boolean overwrites) {
        this.folder = folder;
        this.layout = layout;
        this.overwrites = overwrites;
    }

    // ---- at the start ----

    /**
     * Checks the places of all files, and the space for the wanted pieces. Creates the folders of the files that get
     * bytes. Creates the empty files if all pieces are wanted. Changes nothing if the data is complete.
     *
     * @throws StoreException if an existing file would be damaged, or the disk has not enough space
     */
    void prepare(BitSet wanted) throws IOException {
        boolean isAll = wanted.cardinality() == layout.shape().pieceCount();
        List<StoredFile> needed = layout.stored().stream()
                .filter(file -> file.length() == 0 ? isAll : hasAny(file, wanted))
                .toList();
        for (StoredFile file : layout.stored()) {
            file.checkInside(folder);
        }
        long missing = 0;
        for (StoredFile file : needed) {
            long size = size(file);
            missing += missing(file, Math.max(0, size), wanted);
            if (size > 0 && present == null) {
                present = file.path();
            }
        }
        checkSpace(missing);
        for (StoredFile file : needed) {
            place(file);
        }
    }

    private boolean hasAny(StoredFile file, BitSet wanted) {
        int piece = wanted.nextSetBit(piece(file.offset()));
        return piece >= 0 && piece <= piece(file.end() - 1);
    }

    private int piece(long position) {
        return (int) (position / layout.shape().pieceLength());
    }

    /** Returns the length of a file on disk, or -1 if there is nothing. Fails if the path cannot have the file. */
    private long size(StoredFile file) throws IOException {
        Path path = file.path();
        if (!Files.exists(path)) {
            return -1;
        }
        if (!Files.isRegularFile(path)) {
            throw Failures.of(Reason.OCCUPIED, path, path + " exists and is not a file; move it away");
        }
        long size = Files.size(path);
        if (size > file.length() && !overwrites) {
            throw Failures.of(
                    Reason.OCCUPIED,
                    path,
                    path + " has " + size + " bytes, longer than the " + file.length()
                            + " of the torrent; move it away or overwrite it");
        }
        return size;
    }

    /** Returns the number of bytes in wanted pieces by which a file of this size has to grow. */
    private long missing(StoredFile file, long size, BitSet wanted) {
        if (size >= file.length()) {
            return 0;
        }
        long missing = 0;
        long begin = file.offset() + size;
        int last = piece(file.end() - 1);
        for (int i = wanted.nextSetBit(piece(begin)); i >= 0 && i <= last; i = wanted.nextSetBit(i + 1)) {
            long from = Math.max(begin, layout.position(i, 0));
            long to =
                    Math.min(file.end(), layout.position(i, 0) + layout.shape().pieceLength(i));
            missing += to - from;
        }
        return missing;
    }

    /** Fails if the files cannot grow to their length. A file that is sparse may need more than is counted here. */
    private void checkSpace(long missing) throws IOException {
        FileStore disk = Files.getFileStore(Volumes.existing(folder));
        long free = disk.getUsableSpace();
        boolean isKnown = disk.getTotalSpace() > 0; // some network file systems report 0
        if (isKnown && free < missing) {
            throw Failures.of(
                    Reason.NO_SPACE,
                    folder,
                    "not enough space in " + folder + ": the download needs " + mebibytes(missing) + " MiB more, "
                            + mebibytes(free) + " MiB are free; nothing was written");
        }
    }

    private static long mebibytes(long bytes) {
        return bytes / (1024 * 1024) + (bytes % (1024 * 1024) == 0 ? 0 : 1);
    }

    /**
     * Checks that data in the way may be overwritten, and that the files of missing pieces can be written.
     *
     * @param have the verified pieces
     * @return a file of other data that is going to be overwritten, or null
     * @throws StoreException if there is data without any piece of the torrent that may not be overwritten
     */
    @Nullable
    Path overwritten(BitSet wanted, BitSet have) {
        BitSet missing = (BitSet) wanted.clone();
        missing.andNot(have);
        for (StoredFile file : layout.stored()) {
            if (file.length() > 0 && hasAny(file, missing)) {
                requireWritable(file.path());
            }
        }
        Path other = present;
        if (!have.isEmpty() || other == null) {
            return null;
        }
        if (!overwrites) {
            throw Failures.of(
                    Reason.OCCUPIED,
                    other,
                    other + " exists and has no complete piece of the torrent; move it away or overwrite it");
        }
        return other;
    }

    private static void requireWritable(Path file) {
        Path existing = Volumes.existing(file);
        if (!Files.isWritable(existing)) {
            throw Failures.of(Reason.DENIED, file, "cannot write " + file + ": access denied");
        }
    }

    // ---- at a write ----

    /** Prepares the place of a file before its first write: that of a file which was not wanted may be occupied. */
    void claim(StoredFile file) throws IOException {
        if (!claimed.contains(file)) {
            file.checkInside(folder);
            if (size(file) < 0) {
                createdFiles.add(file.path());
            }
            place(file);
            claimed.add(file);
        }
    }

    private void place(StoredFile file) throws IOException {
        makeFolders(Objects.requireNonNull(file.path().toAbsolutePath().getParent(), "the folder of a file"));
        long size = Volumes.size(file.path());
        if (size < 0 && file.length() == 0) {
            createdFiles.add(file.path());
            Files.createFile(file.path());
            if (file.executable()) {
                OpenFiles.makeExecutable(file.path());
            }
        } else if (size > file.length()) {
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                channel.truncate(file.length());
            }
        }
    }

    private void makeFolders(Path parent) throws IOException {
        Path existing = Volumes.existing(parent);
        if (!Files.isDirectory(existing)) {
            throw Failures.of(Reason.OCCUPIED, existing, existing + " exists and is not a folder; move it away");
        }
        for (Path up = parent; up != null && !up.equals(existing); up = up.getParent()) {
            createdFolders.add(up);
        }
        Files.createDirectories(parent);
    }

    // ---- at the end ----

    /**
     * Deletes the files that were created, and the folders unless they have other files. A download without a complete
     * piece must leave none, because the next one could not tell them from other data.
     */
    void discard() throws IOException {
        for (Path file : createdFiles) {
            Files.deleteIfExists(file);
        }
        List<Path> deepestFirst = createdFolders.stream()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
        for (Path created : deepestFirst) {
            try {
                Files.deleteIfExists(created);
            } catch (DirectoryNotEmptyException e) {
                // somebody else has put files there
            }
        }
    }
}
