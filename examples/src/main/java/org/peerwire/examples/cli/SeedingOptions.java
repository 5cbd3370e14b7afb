/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The seeding after a download. */
final class SeedingOptions {
    @Option(
            names = "--seed",
            description = "Serve the files after the download, until interrupted or until --ratio or --for is reached.")
    private boolean seed;

    @Option(
            names = "--ratio",
            paramLabel = "R",
            converter = Values.Ratio.class,
            description =
                    "With --seed: stop when R times the bytes received have been sent, such as 1.5. If nothing had"
                            + " to be received, R times the length of the files.")
    private @Nullable Double ratio;

    @Option(names = "--for", paramLabel = "DURATION", description = "With --seed: stop this time after the download.")
    private @Nullable Duration span;

    /** Returns the first option that has no effect without {@code --seed}, or null. */
    @Nullable
    String useless() {
        if (seed) {
            return null;
        }
        return ratio != null ? "--ratio" : span != null ? "--for" : null;
    }

    /** Returns the end of the seeding, or null to stop with the download. */
    Plan.@Nullable Seeding plan() {
        return seed ? new Plan.Seeding(ratio, span) : null;
    }
}
