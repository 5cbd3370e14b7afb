/* SPDX-License-Identifier: MIT */
/**
 * The extension protocol (BEP 10): numbers, extended handshakes, channels. Not API.
 *
 * <p>Belongs here: everything that all extensions share. Does not: a particular extension, except {@code lt_donthave}.
 * Depends on {@code inbound}, {@code peer} and {@code loop}.
 */
@NullMarked
package org.peerwire.internal.extension;

import org.jspecify.annotations.NullMarked;
