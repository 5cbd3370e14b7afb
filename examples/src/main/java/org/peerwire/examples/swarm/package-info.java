/* SPDX-License-Identifier: MIT */
/**
 * A small client over the wires: many peers, one torrent, one disk. Not a part of the library: what a program of your own
 * would put on top of it.
 */
@NullMarked
package org.peerwire.examples.swarm;

import org.jspecify.annotations.NullMarked;
