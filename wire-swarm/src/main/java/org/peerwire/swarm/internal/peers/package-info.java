/* SPDX-License-Identifier: MIT */
/** The addresses and the wires of one swarm, and the port that several swarms share. Nothing here knows pieces. */
@NullMarked
package org.peerwire.swarm.internal.peers;

import org.jspecify.annotations.NullMarked;
