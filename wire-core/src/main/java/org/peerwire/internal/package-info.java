/* SPDX-License-Identifier: MIT */
/**
 * The engine behind the public interfaces. Not API: anything here may change in any release.
 *
 * <p>Reading order: {@code MessageCodec}, {@code PeerWireDecoder}, {@code Conversation}, {@code InboundHub},
 * {@code OutboundQueue}, {@code OutboundRules}, {@code PendingRequests}, {@code UploadQueue}; {@code Engine} runs them.
 */
@NullMarked
package org.peerwire.internal;

import org.jspecify.annotations.NullMarked;
