/* SPDX-License-Identifier: MIT */
/**
 * Message stream encryption (MSE) without a network: bytes in, bytes out. Not API.
 *
 * <p>Belongs here: the key exchange and its ciphers. Does not: connections, which {@code handshake} has. Depends on no
 * other room.
 *
 * <p>Read {@code Exchange}, {@code Initiator}, {@code Responder}; {@code KeyExchanges} limits their cost.
 */
@NullMarked
package org.peerwire.internal.encryption;

import org.jspecify.annotations.NullMarked;
