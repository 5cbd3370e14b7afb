/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;

/** A torrent file or info dictionary that cannot be used; the message says why, in one line for people. */
public final class TorrentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TorrentException(String message) {
        this(message, null);
    }

    TorrentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
