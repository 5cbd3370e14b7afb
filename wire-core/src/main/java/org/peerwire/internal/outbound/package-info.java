/* SPDX-License-Identifier: MIT */
/**
 * The way from a message to the socket. Not API.
 *
 * <p>Belongs here: queues, writing, flushing, the user's sink. Does not: the meaning of a message, which
 * {@code OutboundPolicy} and {@code WriteListener} bring from the engine. Depends on {@code loop}.
 *
 * <p>Read {@code OutboundQueue} first, then {@code Outbox} and {@code PublisherSend}.
 */
@NullMarked
package org.peerwire.internal.outbound;

import org.jspecify.annotations.NullMarked;
