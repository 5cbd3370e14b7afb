/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The preparation of a folder for a download: places, space, and files that are in the way. Blocks. */
final class DownloadFolder {
    private final Path folder;
    private final FileLayout files;
    private final boolean overwrite;
    private final List<Path> absent = new ArrayList<>();
    private @Nullable Path present;

    DownloadFolder(Path folder, FileLayout files, boolean overwrite) {
        this.folder = folder;
        this.files = files;
        this.overwrite = overwrite;
    }

    /** Creates folders and empty files. Changes nothing if the data is complete. */
    void prepare() throws IOException {
        long missing = 0;
        for (StoredFile file : files.all()) {
            if (!file.padding()) {
                missing += check(file);
            }
        }
        checkSpace(missing);
        for (StoredFile file : files.all()) {
            if (!file.padding()) {
                create(file);
            }
        }
    }

    /** Returns the number of bytes that the file has to grow. */
    private long check(StoredFile file) throws IOException {
        file.checkInside(folder);
        if (!Files.exists(file.path())) {
            absent.add(file.path());
            return file.length();
        }
        if (!Files.isRegularFile(file.path())) {
            throw new IOException(file.path() + " exists and is not a file; move it away");
        }
        long size = Files.size(file.path());
        if (size > file.length() && !overwrite) {
            throw new IOException(file.path() + " has " + size + " bytes, longer than the " + file.length()
                    + " of the torrent; move it away, or use --overwrite");
        }
        if (size > 0) {
            present = file.path();
        }
        return Math.max(0, file.length() - size);
    }

    /** Fails if the files cannot grow to their length. A file that is sparse may need more than is counted here. */
    private void checkSpace(long missing) throws IOException {
        FileStore store = Files.getFileStore(Volumes.existing(folder));
        long free = store.getUsableSpace();
        boolean isKnown = store.getTotalSpace() > 0; // some network file systems report 0
        if (isKnown && free < missing) {
            throw new IOException("not enough space in " + folder + ": the download needs " + mebibytes(missing)
                    + " MiB more, " + mebibytes(free) + " MiB are free; nothing was written");
        }
    }

    private static long mebibytes(long bytes) {
        return bytes / (1024 * 1024) + (bytes % (1024 * 1024) == 0 ? 0 : 1);
    }

    private void create(StoredFile file) throws IOException {
        Files.createDirectories(file.path().toAbsolutePath().getParent());
        if (!Files.exists(file.path())) {
            if (file.length() == 0) {
                Files.createFile(file.path());
                if (file.executable()) {
                    OpenFiles.makeExecutable(file.path());
                }
            }
        } else if (Files.size(file.path()) > file.length()) {
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                channel.truncate(file.length());
            }
        }
    }

    /**
     * Checks that data in the way may be overwritten.
     *
     * @param have the verified pieces
     * @return a file of other data that is going to be overwritten, or null
     * @throws IOException if there is data without any piece of the torrent, and overwriting was not requested
     */
    @Nullable
    Path overwritten(BitSet have) throws IOException {
        if (!have.isEmpty() || present == null) {
            return null;
        }
        if (!overwrite) {
            throw new IOException(present + " exists and has no complete piece of the torrent; move it away, or use"
                    + " --overwrite");
        }
        return present;
    }

    /**
     * Deletes the files that were created since {@link #prepare()}. A download without a complete piece must leave
     * none, because the next one could not tell them from other data.
     */
    void discard() throws IOException {
        for (Path file : absent) {
            Files.deleteIfExists(file);
        }
    }
}
