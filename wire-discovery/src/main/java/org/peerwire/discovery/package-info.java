/* SPDX-License-Identifier: MIT */
/**
 * Places that know peers, each a {@code Flux} of {@link org.peerwire.pex.PeerEvent} that
 * {@link org.peerwire.swarm.SwarmBuilder#discover} takes.
 */
@NullMarked
package org.peerwire.discovery;

import org.jspecify.annotations.NullMarked;
