/* SPDX-License-Identifier: MIT */
/**
 * What a torrent is and how to get there: magnet links, torrent files, and the exchange of the info dictionary between
 * peers (BEP 9).
 */
@NullMarked
package org.peerwire.metadata;

import org.jspecify.annotations.NullMarked;
