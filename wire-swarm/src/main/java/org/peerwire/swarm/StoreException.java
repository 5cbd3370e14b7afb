/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A failure of a {@link PieceStore}, with one line for people. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. */
    public enum Reason {
        /** The disk has not enough space. */
        NO_SPACE,
        /** Access to a file was denied. */
        DENIED,
        /** Other data is in the place of a file. */
        OCCUPIED,
        /** A path leads out of the folder, or cannot exist on this system. */
        PATH,
        /** A file or folder does not exist. */
        MISSING,
        /** The store is closed. */
        CLOSED,
        /** The torrent has no piece hashes that this version can verify. */
        UNSUPPORTED,
        /** Any other failure of reading or writing. */
        IO
    }

    private final Reason reason;
    private final transient @Nullable Path path;

    /**
     * Creates a failure.
     *
     * @param path the file or folder, or null
     */
    public StoreException(Reason reason, String message, @Nullable Path path, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.path = path;
    }

    /** Returns the kind of the failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the file or folder, or null for a failure of no single one. */
    public @Nullable Path path() {
        return path;
    }
}
