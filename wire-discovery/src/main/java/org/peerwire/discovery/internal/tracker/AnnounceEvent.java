/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.Locale;

/** The reason of an announce (BEP 3), in the order of their numbers in BEP 15. */
public enum AnnounceEvent {
    /** The interval has passed. */
    NONE,
    /** The last missing piece has come. */
    COMPLETED,
    /** The first announce. */
    STARTED,
    /** The last announce. */
    STOPPED;

    /** Returns the name in a query. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
