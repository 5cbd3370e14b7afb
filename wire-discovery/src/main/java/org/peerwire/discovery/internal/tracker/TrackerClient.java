/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.List;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.NoAddressException;
import reactor.core.publisher.Mono;

/**
 * Sends requests to one tracker, over one family each. Every request ends within the times of the settings, on any
 * thread, and fails with a {@link org.peerwire.discovery.TrackerException}, or with {@link NoAddressException} if the
 * tracker has no address of the family.
 */
interface TrackerClient {

    /** Announces. */
    Mono<TrackerAnswer> announce(TrackerRequest request, Family family);

    /** Asks for the sizes of swarms. */
    Mono<List<Scrape>> scrape(List<InfoHash> hashes, Family family);
}
