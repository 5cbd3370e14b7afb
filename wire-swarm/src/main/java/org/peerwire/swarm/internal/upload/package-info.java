/* SPDX-License-Identifier: MIT */
/** The peers that are served, and how fast: choking, upload slots and rates. */
@NullMarked
package org.peerwire.swarm.internal.upload;

import org.jspecify.annotations.NullMarked;
