/* SPDX-License-Identifier: MIT */
/**
 * Message stream encryption without any network: bytes in, bytes out. Not API: anything here may change in any release.
 *
 * <p>Reading order: {@code Exchange}, {@code Initiator}, {@code Responder}; {@code KeyExchanges} bounds what they cost.
 */
@NullMarked
package org.peerwire.internal.encryption;

import org.jspecify.annotations.NullMarked;
