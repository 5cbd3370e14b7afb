/* SPDX-License-Identifier: MIT */
/**
 * A node of the distributed hash table (BEP 5). Its state is confined to one {@code DhtLoop}.
 *
 * <p>Read in this order: {@code NodeId} and {@code Krpc} (values), {@code KrpcReader} and {@code KrpcWriter} (packets),
 * {@code RoutingTable}, {@code Queries} (what we ask), {@code Lookup}, {@code Server} (what others ask), {@code Side}
 * (one address family) and {@code Engine} (the node).
 */
@NullMarked
package org.peerwire.discovery.internal.dht;

import org.jspecify.annotations.NullMarked;
