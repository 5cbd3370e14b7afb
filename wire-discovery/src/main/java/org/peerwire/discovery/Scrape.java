/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import org.peerwire.InfoHash;

/**
 * The size of a swarm as a tracker counts it (BEP 48). Each number is 0 to 4,294,967,295.
 *
 * @param infoHash the torrent
 * @param seeders the number of peers that have everything
 * @param completed the number of downloads that were completed ({@code downloaded})
 * @param leechers the number of peers that lack something ({@code incomplete})
 */
public record Scrape(InfoHash infoHash, long seeders, long completed, long leechers) {}
