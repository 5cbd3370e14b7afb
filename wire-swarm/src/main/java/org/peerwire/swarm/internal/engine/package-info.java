/* SPDX-License-Identifier: MIT */
/** A running swarm, which connects the other packages. Read {@link org.peerwire.swarm.internal.engine.RunningSwarm} first. */
@NullMarked
package org.peerwire.swarm.internal.engine;

import org.jspecify.annotations.NullMarked;
