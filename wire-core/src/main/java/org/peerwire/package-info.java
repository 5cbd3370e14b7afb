/* SPDX-License-Identifier: MIT */
/**
 * The BitTorrent peer wire for Project Reactor: dial with {@link org.peerwire.WireClient}, accept with
 * {@link org.peerwire.WireServer}, talk through {@link org.peerwire.Wire}.
 */
@NullMarked
package org.peerwire;

import org.jspecify.annotations.NullMarked;
