/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.StoreException.Reason;

/** The failures of stores: of disks in the words of {@link StoreException}, and of wrong arguments. */
public final class Failures {

    private Failures() {}

    /** Returns the failure of a store that is closed. */
    public static StoreException closed() {
        return new StoreException(Reason.CLOSED, "the store is closed", null, null);
    }

    /** Returns the failure of a read of a piece that is not verified, or is being written. */
    public static StoreException absent(int piece) {
        return new StoreException(Reason.MISSING, "piece " + piece + " is not in the store", null, null);
    }

    /** Throws if the pieces of a torrent cannot be verified. */
    public static void requireHashes(Torrent torrent) {
        if (!torrent.hasPieceHashes()) {
            throw new StoreException(
                    Reason.UNSUPPORTED,
                    "version 2 torrents without SHA-1 piece hashes are not supported, was " + torrent,
                    null,
                    null);
        }
    }

    /**
     * Throws if a piece is not a whole piece of a torrent.
     *
     * @throws IllegalArgumentException if it has another index or length
     */
    public static void requireWhole(Piece piece, Torrent torrent) {
        TorrentShape shape = torrent.shape();
        int index = piece.index();
        if (index < 0 || index >= shape.pieceCount() || piece.length() != shape.pieceLength(index)) {
            throw new IllegalArgumentException("piece must be a whole piece of " + torrent + ", was number " + index
                    + " of " + piece.length() + " bytes");
        }
    }

    /** Returns the failure of a read of a range that is not inside a piece of a torrent. */
    public static IllegalArgumentException outside(BlockRequest request, Torrent torrent) {
        return new IllegalArgumentException("request must be inside a piece of " + torrent + ", was " + request);
    }

    static StoreException of(Reason reason, Path path, String message) {
        return new StoreException(reason, message, path, null);
    }

    /** Returns the failure of a task. */
    static Throwable of(Throwable error) {
        if (error instanceof InvalidPathException invalid) {
            String message = "the torrent names a file that this system cannot store: " + invalid.getInput();
            return new StoreException(Reason.PATH, message, null, error);
        }
        return error instanceof IOException failure ? failure("", path(failure), failure, 0, "") : error;
    }

    /** Returns the failure of a read. */
    static StoreException reading(Path file, IOException error) {
        return failure("cannot read ", file, error, 0, "");
    }

    /**
     * Returns the failure of a write.
     *
     * @param length the number of bytes that were to be written
     */
    static StoreException writing(Path file, IOException error, long length) {
        return failure("cannot write ", file, error, length, "; the verified pieces are kept, start again to continue");
    }

    private static StoreException failure(
            String before, @Nullable Path path, IOException error, long length, String after) {
        Reason reason = reason(path, error, length);
        String text = text(reason, error);
        String message = path == null ? before + text : before + path + ": " + text;
        return new StoreException(reason, message + after, path, error);
    }

    private static @Nullable Path path(IOException error) {
        String file = error instanceof FileSystemException failure ? failure.getFile() : null;
        return file == null ? null : Path.of(file);
    }

    private static Reason reason(@Nullable Path path, IOException error, long length) {
        if (error instanceof AccessDeniedException) {
            return Reason.DENIED;
        }
        if (error instanceof NoSuchFileException) {
            return Reason.MISSING;
        }
        if (error instanceof FileAlreadyExistsException) {
            return Reason.OCCUPIED;
        }
        String text = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space")) {
            return Reason.NO_SPACE;
        }
        if (text.contains("read-only file system")) {
            return Reason.DENIED;
        }
        if (text.contains("file name too long")) {
            return Reason.PATH;
        }
        return path != null && lacksSpace(path, length) ? Reason.NO_SPACE : Reason.IO;
    }

    /** Returns true if the disk has no space for a write. The message of the system may be in any language. */
    private static boolean lacksSpace(Path file, long length) {
        try {
            return length > 0 && Files.getFileStore(Volumes.existing(file)).getUsableSpace() < length;
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(Reason reason, IOException error) {
        if (error instanceof AccessDeniedException) {
            return "access denied";
        }
        if (error instanceof NoSuchFileException) {
            return "no such file";
        }
        if (reason == Reason.OCCUPIED) {
            return "exists already";
        }
        String said = error instanceof FileSystemException failure ? failure.getReason() : error.getMessage();
        return said == null ? error.getClass().getSimpleName() : said;
    }
}
