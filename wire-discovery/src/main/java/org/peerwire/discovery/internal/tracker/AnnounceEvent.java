/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.Locale;

/** The reason of an announce (BEP 3, 15). */
public enum AnnounceEvent {
    /** The interval has passed. */
    NONE(0),
    /** The last missing piece has come. */
    COMPLETED(1),
    /** The first announce. */
    STARTED(2),
    /** The last announce. */
    STOPPED(3);

    private final int number;

    AnnounceEvent(int number) {
        this.number = number;
    }

    /** Returns the number in a packet (BEP 15). */
    int number() {
        return number;
    }

    /** Returns the name in a query. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
