/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.List;

/** One run of one cell. */
interface Trial {
    Cell cell();

    /** Plays up to the end of the connection, which has come when this returns. */
    void play() throws Exception;

    /** Lets a peer that still reads read what has come. */
    void poll();

    /** Returns the things that the end must have ended and has not ended yet. */
    List<String> faults();

    /** Lets a paused subscriber request everything, or cancel. */
    void resume();

    /** Subscribes to every publisher once more. */
    void takeLate();

    /** Returns the faults in the messages and the end that the subscriber of {@code inbound()} has seen. */
    List<String> wrongs();

    /** Drops the wire, so that only the library could still hold it. */
    void forget();

    /** Returns true if the wire has not been collected. */
    boolean isWireHeld();

    void dispose();
}
