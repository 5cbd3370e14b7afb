/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.metadata.Metadata;

/** The result of a {@link MetadataCrawler} for one info hash. */
public sealed interface CrawlResult {

    /** Returns the info hash as it was given. */
    InfoHash hash();

    /**
     * The metadata is found and verified.
     *
     * @param metadata the metadata, which matches the hash
     */
    record Found(InfoHash hash, Metadata metadata) implements CrawlResult {}

    /**
     * The metadata was not found.
     *
     * @param isLate true if the time for the hash was over; false if all known peers have failed before
     * @param reason the reason, for people
     * @param cause the last failure of a peer, or null if none was found
     */
    record Missing(
            InfoHash hash,
            boolean isLate,
            String reason,
            @Nullable Throwable cause) implements CrawlResult {}
}
