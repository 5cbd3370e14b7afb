/* SPDX-License-Identifier: MIT */
/**
 * A small client on top of the library: many peers, one torrent, one disk. Not part of the library. Read it as an
 * example for a program of your own, from {@code Downloader} down.
 */
@NullMarked
package org.peerwire.examples.swarm;

import org.jspecify.annotations.NullMarked;
