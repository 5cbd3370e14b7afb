/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.Message;

/** Hears of writes. */
@EventLoopOnly
public interface WriteListener {

    /**
     * Called after a message has been written, before the next one is. The buffer of the message must not be read any
     * more.
     *
     * @param byUser true if the user sent it, false if the wire did
     * @param contentLength bytes of the buffer that the message carried, 0 if it carried none
     */
    void onWritten(Message message, boolean byUser, int contentLength);

    /** Called when as much has been written as the socket takes. */
    void onDrained();
}
