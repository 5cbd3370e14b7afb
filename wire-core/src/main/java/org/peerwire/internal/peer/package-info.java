/* SPDX-License-Identifier: MIT */
/**
 * The facts about the peer and its torrent: choke state, pieces, advice, shape, tolerated anomalies. Not API.
 *
 * <p>Belongs here: state that messages change and that several rooms read. Does not: anything that sends or waits.
 * Depends on {@code loop}.
 *
 * <p>Read {@code ChokeState}, {@code KnownTorrent} and {@code PeerPieces}, then {@code Anomalies}.
 */
@NullMarked
package org.peerwire.internal.peer;

import org.jspecify.annotations.NullMarked;
