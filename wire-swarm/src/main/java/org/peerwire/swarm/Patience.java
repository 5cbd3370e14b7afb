/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The times after which a swarm that is asked for pieces or metadata fails. Null means no limit.
 *
 * @param reach the time until the first wire is open
 * @param again the time without any open wire, once one has been open
 * @param progress the time in which neither data nor metadata is received
 */
public record Patience(
        @Nullable Duration reach,
        @Nullable Duration again,
        @Nullable Duration progress) {

    /** No limit. */
    public static final Patience UNLIMITED = new Patience(null, null, null);

    /** Returns the same limit for the time without any open wire, at the start and later. */
    public static Patience of(@Nullable Duration limit) {
        return new Patience(limit, limit, null);
    }

    /** Returns this patience with another limit for the time without progress. */
    public Patience withProgress(@Nullable Duration other) {
        return new Patience(reach, again, other);
    }
}
