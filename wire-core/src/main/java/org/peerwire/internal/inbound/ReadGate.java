/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;

/**
 * Pauses reading of the connection while a subscriber's queue is full, and while too many answers wait for a
 * peer that does not read them. Only the first stops the active time.
 */
@EventLoopOnly
public final class ReadGate {

    /** Reads the connection. */
    public interface Reading {

        /** Stops before the next message. */
        void pause();

        /** Continues. May pause again before it returns. */
        void resume();
    }

    private static final int MAX_ANSWERS_WAITING = 2048;

    private final WireContext context;
    private final Reading reading;
    private boolean crowded;

    /** Creates an open gate. */
    public ReadGate(WireContext context, Reading reading) {
        this.context = context;
        this.reading = reading;
    }

    /** Pauses because a subscriber is full. */
    void pauseReading() {
        context.clock().pause();
        reading.pause();
    }

    /** Resumes because no subscriber is full any more. */
    void resumeReading() {
        if (context.clock().resume()) {
            resumeUnlessClosed();
        }
    }

    /** Pauses when more answers wait than a peer may cause, and resumes when half of them are written. */
    public void answersWaiting(int answers) {
        if (!crowded && answers > MAX_ANSWERS_WAITING) {
            crowded = true;
            reading.pause();
        } else if (crowded && answers <= MAX_ANSWERS_WAITING / 2) {
            crowded = false;
            resumeUnlessClosed();
        }
    }

    private void resumeUnlessClosed() {
        if (!crowded && !context.clock().isPaused() && !context.isEnded()) {
            reading.resume();
        }
    }
}
