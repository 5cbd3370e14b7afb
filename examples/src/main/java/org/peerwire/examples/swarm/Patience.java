/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits after which a swarm fails. Null means no limit.
 *
 * @param reach the time until the first wire is open
 * @param again the time without any open wire, once one has been open
 * @param progress the time in which a download receives neither data nor metadata
 */
public record Patience(
        @Nullable Duration reach,
        @Nullable Duration again,
        @Nullable Duration progress) {

    /** 30 s until the first wire, 2 minutes without a wire afterwards: a seed that restarts is gone for less. */
    public static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(2), null);

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
