/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.nio.file.Path;

/**
 * A file or folder that {@link Torrent#create} leaves out.
 *
 * @param path the path on disk
 * @param reason the reason
 */
public record LeftOut(Path path, Reason reason) {

    /** The reasons to leave out a file or folder. */
    public enum Reason {
        /** A pattern of {@link TorrentOptions#excludes()} matches it. */
        EXCLUDED,
        /** It is hidden, or a system created it for itself, and {@link TorrentOptions#withHidden()} is false. */
        HIDDEN,
        /** It is a symbolic link. A torrent has only the data itself. */
        LINK,
        /** It is neither a file, nor a folder, nor a link, such as a socket or a device. */
        SPECIAL
    }
}
