/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

/**
 * The number of peers of a torrent, as nodes of the DHT count them (BEP 33). An estimate, up to about 7,800, and easily
 * forged.
 *
 * @param seeds the number of peers with all pieces
 * @param downloaders the number of other peers
 * @param answers the number of nodes that have counted; many cannot
 */
public record DhtScrape(long seeds, long downloaders, int answers) {}
