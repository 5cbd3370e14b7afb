/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The way of one direction of a connection: the upload of the sender, then the download of the receiver. */
final class AccessRoute implements Line.Route {
    private final AccessQueue up;
    private final AccessQueue down;
    private final Trace trace;
    private final int number;
    private @Nullable Line line;

    /** Creates a route whose line is set by {@link #leadTo}. */
    AccessRoute(AccessLink upload, AccessLink download, Trace trace, int number) {
        down = new AccessQueue(download, this::depart);
        up = new AccessQueue(upload, down::add);
        this.trace = trace;
        this.number = number;
    }

    void leadTo(Line line) {
        this.line = line;
    }

    @Override
    public void enter(@Nullable ByteBuf bytes) {
        up.add(bytes == null ? AccessQueue.END : bytes);
    }

    @Override
    public void cut() {
        up.cut();
        down.cut();
    }

    private void depart(Object entry) {
        ByteBuf bytes = entry instanceof ByteBuf buffer ? buffer : null;
        trace.add(number, bytes == null ? -1 : bytes.readableBytes());
        if (line != null) {
            line.depart(bytes);
        }
    }
}
