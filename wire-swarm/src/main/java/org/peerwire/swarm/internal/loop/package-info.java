/* SPDX-License-Identifier: MIT */
/** The one thread of a swarm. */
@NullMarked
package org.peerwire.swarm.internal.loop;

import org.jspecify.annotations.NullMarked;
