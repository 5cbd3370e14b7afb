/* SPDX-License-Identifier: MIT */
/** The extension protocol (BEP 10): a name, some handshake keys and a channel. */
@NullMarked
package org.peerwire.extension;

import org.jspecify.annotations.NullMarked;
