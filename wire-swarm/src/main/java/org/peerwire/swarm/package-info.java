/* SPDX-License-Identifier: MIT */
/**
 * The wires of one torrent, and verified pieces out of them.
 *
 * <p>A {@link org.peerwire.swarm.Swarm} dials and accepts peers, merges what others tell, chooses and verifies pieces,
 * and serves others. Trackers and other places that know peers do not belong here: they are publishers of
 * {@link org.peerwire.pex.PeerEvent} for {@link org.peerwire.swarm.SwarmBuilder#discover}.
 *
 * <p>Read in this order:
 *
 * <ol>
 * <li>{@link org.peerwire.swarm.Swarm} and its {@link org.peerwire.swarm.SwarmBuilder}.
 * <li>{@link org.peerwire.swarm.Piece}, and {@link org.peerwire.swarm.PieceOrder} for which and in which order.
 * <li>{@link org.peerwire.swarm.PieceStore} with {@link org.peerwire.swarm.FileStore} and
 *     {@link org.peerwire.swarm.MemoryStore}.
 * <li>{@link org.peerwire.swarm.SwarmHost}: one port for many swarms.
 * <li>{@link org.peerwire.swarm.SwarmOptions} with {@link org.peerwire.swarm.RateLimit} and the strategies
 *     {@link org.peerwire.swarm.PieceStrategy}, {@link org.peerwire.swarm.ChokeStrategy} and
 *     {@link org.peerwire.swarm.PeerScore}.
 * <li>{@link org.peerwire.swarm.SwarmEvent}, {@link org.peerwire.swarm.SwarmStats} and
 *     {@link org.peerwire.swarm.PeerStats}; {@link org.peerwire.swarm.Reasons} has the texts of failures.
 * </ol>
 */
@NullMarked
package org.peerwire.swarm;

import org.jspecify.annotations.NullMarked;
