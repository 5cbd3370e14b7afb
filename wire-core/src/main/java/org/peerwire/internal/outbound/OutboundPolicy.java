/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.Message;

/** Decides whether a queued message is still written. */
@EventLoopOnly
public interface OutboundPolicy {

    /**
     * Called immediately before a message would be written.
     *
     * @param byUser true if the user sent it, false if the wire did
     * @return false to leave it out
     */
    boolean beforeWrite(Message message, boolean byUser);
}
