/* SPDX-License-Identifier: MIT */
/**
 * Blocks and hashes, both ways: requests of ours and requests of the peer. Not API.
 *
 * <p>Belongs here: everything that matches a request to its answer. Does not: messages without an answer. Depends on
 * {@code outbound}, {@code peer} and {@code loop}.
 *
 * <p>Read {@code PendingRequests}, {@code Blocks} and {@code BlockDownload} for requests of ours; {@code UploadQueue}
 * for those of the peer.
 */
@NullMarked
package org.peerwire.internal.exchange;

import org.jspecify.annotations.NullMarked;
