/* SPDX-License-Identifier: MIT */
/**
 * Bencode (BEP 3): decoding within limits, reading and building of values.
 *
 * <p>This package knows no message and no torrent, and depends on no other package of the library. The keys of a
 * dictionary belong to the code that reads it.
 *
 * <p>Read in this order: {@link org.peerwire.bencode.Bencode} decodes, {@link org.peerwire.bencode.BencodeValue} is
 * read, {@link org.peerwire.bencode.DictionaryBuilder} builds. {@link org.peerwire.bencode.BencodeLimits} protects
 * against hostile input, and {@link org.peerwire.bencode.BencodeException} has the reasons of a failure.
 */
@NullMarked
package org.peerwire.bencode;

import org.jspecify.annotations.NullMarked;
