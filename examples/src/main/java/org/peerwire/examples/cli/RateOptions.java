/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.RateLimit;
import picocli.CommandLine.Option;

/** The limits of the bytes per second. */
final class RateOptions {
    /** No limits. */
    static final RateOptions NONE = new RateOptions();

    @Option(
            names = "--limit-down",
            paramLabel = "RATE",
            converter = Values.Rate.class,
            description = "Receive at most this many bytes of data per second, such as 500k or 4M (default: no limit)."
                    + " With several torrents, the limit is for all together.")
    private @Nullable Long down;

    @Option(
            names = "--limit-up",
            paramLabel = "RATE",
            converter = Values.Rate.class,
            description = "Send at most this many bytes of data per second, such as 500k or 4M (default: no limit).")
    private @Nullable Long up;

    RateLimit down() {
        return limit(down);
    }

    RateLimit up() {
        return limit(up);
    }

    private static RateLimit limit(@Nullable Long bytesPerSecond) {
        return bytesPerSecond == null ? RateLimit.unlimited() : RateLimit.of(bytesPerSecond);
    }
}
