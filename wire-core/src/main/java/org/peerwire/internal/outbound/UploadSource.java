/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.Message;

/** Supplies the second lane: blocks, as the socket takes them. */
@EventLoopOnly
public interface UploadSource {

    /** Returns the next block that is ready, whose ownership passes to the caller, or null. */
    Message.@Nullable Piece next();
}
