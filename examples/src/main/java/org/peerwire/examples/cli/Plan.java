/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.FileSelection;

/**
 * The wishes of the user for a download.
 *
 * @param folder the folder to download to
 * @param overwrite true to overwrite other data in the way
 * @param files the files to download, or null for those that the link selects
 * @param sequential true to download the pieces in their order
 * @param seeding the end of the seeding after the download, or null to stop with the download
 */
record Plan(
        Path folder,
        boolean overwrite,
        @Nullable FileSelection files,
        boolean sequential,
        @Nullable Seeding seeding) {

    /**
     * The end of the seeding, which without a limit comes with a signal.
     *
     * @param ratio the number of bytes to send for each byte received, or null
     * @param time the time after the download, or null
     */
    record Seeding(@Nullable Double ratio, @Nullable Duration time) {}

    /** Returns the plan that downloads everything to a folder. */
    static Plan to(Path folder) {
        return new Plan(folder, false, null, false, null);
    }
}
