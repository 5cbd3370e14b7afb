/* SPDX-License-Identifier: MIT */
/**
 * The engine behind the public interfaces. Not API: anything here may change in any release.
 *
 * <p>Reading order: {@code MessageCodec}, {@code PeerWireDecoder}, {@code Engine}, {@code InboundHub},
 * {@code OutboundQueue}, {@code PendingRequests}, {@code UploadQueue}.
 */
@NullMarked
package org.peerwire.internal;

import org.jspecify.annotations.NullMarked;
