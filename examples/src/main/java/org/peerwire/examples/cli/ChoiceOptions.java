/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.FileSelection;
import picocli.CommandLine.Option;

/** The choice of the files of a torrent, and their order. */
final class ChoiceOptions {
    @Option(
            names = "--files",
            paramLabel = "NUMBERS",
            converter = Values.FileNumbers.class,
            description = "Download only these files, such as 0,2,4-6; peerwire info prints the numbers (default: those"
                    + " that the magnet link selects with so=, or all). Only for a single torrent. Pieces at the edges"
                    + " also have bytes of the files beside them, so that parts of these appear too.")
    private @Nullable FileSelection files;

    @Option(
            names = "--sequential",
            description = "Download from the begin to the end, to play or read while it downloads (default: the rarest"
                    + " pieces first, which is better for the swarm).")
    private boolean sequential;

    /** Returns the chosen files, or null if the user has not chosen. */
    @Nullable
    FileSelection files() {
        return files;
    }

    boolean isSequential() {
        return sequential;
    }
}
