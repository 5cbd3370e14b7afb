/* SPDX-License-Identifier: MIT */
/**
 * Peers of the local network (BEP 14). Read {@code LocalAnnounce}, which is the packet, then {@code Neighbourhood}, which
 * decides what is sent and told, then {@code MulticastSockets}, which are the network.
 */
@NullMarked
package org.peerwire.discovery.internal.local;

import org.jspecify.annotations.NullMarked;
