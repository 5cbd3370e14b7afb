/* SPDX-License-Identifier: MIT */
/**
 * The messages of the peer wire protocol as values: BEP 3, 5, 6, 10 and 52.
 *
 * <p>This package has messages, their fields and their encoding. It has no state, no connection and no limits; a
 * {@code org.peerwire.Wire} adds these. It does not depend on other packages of the library.
 *
 * <p>Read in this order: {@link org.peerwire.message.Message} with its records,
 * {@link org.peerwire.message.MessageType} with the table of ids and lengths,
 * {@link org.peerwire.message.MessageCodec}. The fields are {@link org.peerwire.message.BlockRequest},
 * {@link org.peerwire.message.PieceSet} and {@link org.peerwire.message.HashRange};
 * {@link org.peerwire.message.Buffered} has the rules for buffers.
 */
@NullMarked
package org.peerwire.message;

import org.jspecify.annotations.NullMarked;
