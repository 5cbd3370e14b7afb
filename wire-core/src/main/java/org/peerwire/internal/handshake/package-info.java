/* SPDX-License-Identifier: MIT */
/**
 * The way from a connection to a wire: encryption, both handshakes, admission, and the reader of the connection. Not
 * API.
 *
 * <p>Belongs here: everything that happens before the wire is open, and the one subscriber of the connection. Does not:
 * the meaning of a message. Depends on {@code engine} and the rooms below; no room depends on it.
 *
 * <p>Read {@code Opening}, {@code WireReader}, {@code EncryptionLayer}.
 */
@NullMarked
package org.peerwire.internal.handshake;

import org.jspecify.annotations.NullMarked;
