/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

/**
 * The announced facts about this host.
 *
 * @param port the port that accepts wires
 * @param seed true if we have all pieces (BEP 33)
 */
public record Membership(int port, boolean seed) {}
