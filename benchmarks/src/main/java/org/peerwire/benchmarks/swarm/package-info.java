/* SPDX-License-Identifier: MIT */
/** A simulation of whole swarms under virtual time. Read {@link org.peerwire.benchmarks.swarm.World} first. */
@NullMarked
package org.peerwire.benchmarks.swarm;

import org.jspecify.annotations.NullMarked;
