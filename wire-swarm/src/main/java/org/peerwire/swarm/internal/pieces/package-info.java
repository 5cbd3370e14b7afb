/* SPDX-License-Identifier: MIT */
/** The choice, assembly and verification of pieces from many wires. Nothing here knows addresses, disks or sockets. */
@NullMarked
package org.peerwire.swarm.internal.pieces;

import org.jspecify.annotations.NullMarked;
