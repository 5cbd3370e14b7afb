/* SPDX-License-Identifier: MIT */
/**
 * The engine behind the public interfaces. Not API: anything here may change in any release.
 *
 * <p>Reading order: {@code MessageCodec}, {@code PeerWireDecoder}, {@code Conversation}, {@code InboundHub},
 * {@code OutboundQueue}, {@code OutboundRules}, {@code PendingRequests}, {@code UploadQueue}; {@code Engine} runs them.
 * Before that come {@code Handshaker} and {@code Encryption}, which looks after what {@code internal.encryption} agrees on.
 */
@NullMarked
package org.peerwire.internal;

import org.jspecify.annotations.NullMarked;
