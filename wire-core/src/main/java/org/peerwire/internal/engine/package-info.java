/* SPDX-License-Identifier: MIT */
/**
 * The life and the rules of one open wire. Not API.
 *
 * <p>Belongs here: the meaning of each message in both directions, the tick, the end, the public view of the wire. Does
 * not: the way there, which is {@code handshake}. Depends on every room below.
 *
 * <p>Read {@code InboundRules}, {@code OutboundRules}, {@code Engine}; {@code WireParts} shows how the parts are
 * assembled.
 */
@NullMarked
package org.peerwire.internal.engine;

import org.jspecify.annotations.NullMarked;
