/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a torrent file or info dictionary that cannot be used. The message is one line for people: the fault,
 * its numbers, and the next step.
 */
public final class TorrentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TorrentException(String message) {
        this(message, null);
    }

    TorrentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Returns the exception for content that breaks a rule, which the author of the torrent has to fix. */
    static TorrentException malformed(String fault) {
        return new TorrentException("malformed torrent: " + fault + "; use another copy of it");
    }
}
