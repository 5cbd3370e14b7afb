/* SPDX-License-Identifier: MIT */
/**
 * The event loop of one connection and the facts that all its parts share. Not API.
 *
 * <p>Belongs here: the loop, the clock, the counters, the state of the life. Does not: anything that knows a message.
 * Depends on no other room.
 *
 * <p>Read {@code Life} and {@code WireContext} first; {@code ActiveClock} explains the two times.
 */
@NullMarked
package org.peerwire.internal.loop;

import org.jspecify.annotations.NullMarked;
