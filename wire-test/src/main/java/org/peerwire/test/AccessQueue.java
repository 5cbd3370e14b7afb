/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The bytes of one direction of a connection that wait for an {@link AccessLink}. The window of the line bounds it. */
final class AccessQueue {
    /** The end of the stream, which keeps its place behind the bytes. */
    static final Object END = new Object();

    private final AccessLink link;
    private final Consumer<Object> next;
    private final ArrayDeque<Object> entries = new ArrayDeque<>();
    private boolean isWaiting;
    private boolean isCut;

    /**
     * Creates a queue.
     *
     * @param next takes the buffers, and their ownership, and the end
     */
    AccessQueue(AccessLink link, Consumer<Object> next) {
        this.link = link;
        this.next = next;
    }

    /** Takes a buffer and its ownership, or the end. */
    void add(Object entry) {
        if (isCut) {
            ReferenceCountUtil.release(entry);
        } else if (entries.isEmpty() && !isWaiting && link.isOpen()) {
            next.accept(entry);
        } else {
            entries.add(entry);
            if (!isWaiting) {
                isWaiting = true;
                link.add(this);
            }
        }
    }

    /** Releases the bytes, and takes no others. */
    void cut() {
        isCut = true;
        entries.forEach(ReferenceCountUtil::release);
        entries.clear();
        link.cut(this);
    }

    /**
     * Moves the next packet to a list. It ends with a whole buffer if less than a quarter of a packet would be left of
     * it.
     *
     * @return the bytes of the packet
     */
    int takeInto(ArrayDeque<Object> packet, int length) {
        int taken = 0;
        while (taken < length && !entries.isEmpty()) {
            Object entry = entries.element();
            int left = length - taken;
            if (entry instanceof ByteBuf bytes) {
                if (bytes.readableBytes() > left + (long) length / 4) {
                    entry = bytes.readRetainedSlice(left);
                    taken += left;
                } else {
                    entries.remove();
                    taken += bytes.readableBytes();
                }
            } else {
                entries.remove();
            }
            packet.add(entry);
        }
        return taken;
    }

    /** Passes on a part of a packet that has passed the link. */
    void passOn(Object entry) {
        next.accept(entry);
    }

    /** Returns true if more bytes wait. Otherwise the queue has left the link. */
    boolean waitsAgain() {
        isWaiting = !entries.isEmpty();
        return isWaiting;
    }
}
