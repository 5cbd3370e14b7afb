/* SPDX-License-Identifier: MIT */
/**
 * Magnet links, torrent files, and the exchange of the info dictionary between peers (BEP 9). Begin with {@link
 * org.peerwire.metadata.UtMetadata}, {@link org.peerwire.metadata.MagnetLink} and {@link
 * org.peerwire.metadata.Torrent}.
 */
@NullMarked
package org.peerwire.metadata;

import org.jspecify.annotations.NullMarked;
