/* SPDX-License-Identifier: MIT */
/**
 * Bencode (BEP 3): decode with {@link org.peerwire.bencode.Bencode}, read and build with
 * {@link org.peerwire.bencode.BencodeValue}.
 */
@NullMarked
package org.peerwire.bencode;

import org.jspecify.annotations.NullMarked;
