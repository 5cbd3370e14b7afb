/* SPDX-License-Identifier: MIT */
/**
 * The extension protocol (BEP 10): named extensions, the extended handshake and one channel for each extension.
 *
 * <p>This package has the contract between a wire and an extension. Single extensions, such as {@code ut_pex}, do not
 * belong here. It does not depend on {@code org.peerwire} or on the messages.
 *
 * <p>Read in this order: {@link org.peerwire.extension.Extension} is the interface to implement,
 * {@link org.peerwire.extension.ExtendedHandshake} the announcement, {@link org.peerwire.extension.ExtensionChannel}
 * the messages on one wire. {@link org.peerwire.extension.IgnoredCounts} counts the ignored messages of an extension.
 */
@NullMarked
package org.peerwire.extension;

import org.jspecify.annotations.NullMarked;
