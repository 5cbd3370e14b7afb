/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;

/**
 * A node as it calls itself, or as another one calls it.
 *
 * @param id its id
 * @param address its address, resolved
 */
record Node(NodeId id, InetSocketAddress address) {}
