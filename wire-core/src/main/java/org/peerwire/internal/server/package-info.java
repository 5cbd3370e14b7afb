/* SPDX-License-Identifier: MIT */
/**
 * The connections of one bound server, from accept to close. Not API.
 *
 * <p>Belongs here: what many connections share, which is counted with atomics because each has its own event loop. Does
 * not: the opening and the life of one wire. Depends on {@code handshake}, {@code engine} and {@code loop}.
 *
 * <p>Read {@code Reception} and {@code Accepted} first.
 */
@NullMarked
package org.peerwire.internal.server;

import org.jspecify.annotations.NullMarked;
