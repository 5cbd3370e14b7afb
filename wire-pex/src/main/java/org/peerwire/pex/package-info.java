/* SPDX-License-Identifier: MIT */
/**
 * Peer exchange (BEP 11) and holepunching (BEP 55) over the extension protocol. With peer exchange, peers send each
 * other the addresses of the peers that they are connected to. Add the extension {@link org.peerwire.pex.UtPex} to a
 * wire, read with {@code UtPex.events(wire)} and send with {@code UtPex.announce}; or let a {@link
 * org.peerwire.pex.PexSwarm} do both for all wires of a torrent.
 *
 * <p>{@link org.peerwire.pex.UtHolepunch} and {@link org.peerwire.pex.HolepunchRelay} introduce peers that cannot dial
 * each other.
 *
 * <p>The addresses that a peer sends are not verified: there may be no peer.
 *
 * <p>Read in this order: {@code PexMessage}, {@code PexReader}, {@code PexMemory}, {@code PexInbox}, {@code UtPex};
 * {@code PexFeed}, {@code PexAnnouncer}; {@code Mailbox}, {@code WireMembers}, {@code PexSwarm}. Code that knows only
 * one wire does not belong in the swarm, and code that knows files or pieces does not belong here.
 */
@NullMarked
package org.peerwire.pex;

import org.jspecify.annotations.NullMarked;
