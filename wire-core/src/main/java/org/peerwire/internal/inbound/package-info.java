/* SPDX-License-Identifier: MIT */
/**
 * The way from bytes to the subscribers of messages. Not API.
 *
 * <p>Belongs here: framing, limits, the queues of subscribers, pausing. Does not: the meaning of a message. Depends on
 * {@code loop} and {@code peer}.
 *
 * <p>Read {@code PeerWireDecoder}, {@code InboundHub}, {@code HubSubscription}, then {@code ReadGate}.
 */
@NullMarked
package org.peerwire.internal.inbound;

import org.jspecify.annotations.NullMarked;
