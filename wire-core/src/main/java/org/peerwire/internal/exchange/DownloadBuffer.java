/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import org.peerwire.internal.loop.EventLoopOnly;

/** The memory that all downloads of a wire share for blocks without demand: a number of bytes, reserved on request. */
@EventLoopOnly
final class DownloadBuffer {
    private long free;

    DownloadBuffer(int bytes) {
        this.free = bytes;
    }

    /** Returns the number of bytes that no download has reserved. */
    long free() {
        return free;
    }

    /** Reserves bytes; a negative number gives them back. */
    void reserve(long bytes) {
        free -= bytes;
    }
}
