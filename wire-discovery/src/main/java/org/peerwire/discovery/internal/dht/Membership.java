/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

/**
 * What we announce of ourselves.
 *
 * @param port the port that accepts wires
 * @param seed true if we have all pieces (BEP 33)
 */
public record Membership(int port, boolean seed) {}
