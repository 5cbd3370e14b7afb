/* SPDX-License-Identifier: MIT */
/**
 * Peer exchange (BEP 11) over the extension protocol: peers tell each other whom they are connected to. Give a wire the
 * extension {@link org.peerwire.pex.UtPex}; read with {@code UtPex.events(wire)} and tell with {@code UtPex.announce},
 * or let a {@link org.peerwire.pex.PexSwarm} do both for all wires of a torrent.
 *
 * <p>{@link org.peerwire.pex.UtHolepunch} and {@link org.peerwire.pex.HolepunchRelay} introduce peers that cannot dial each
 * other (BEP 55).
 *
 * <p>Everything a peer tells is a rumour: nobody has checked that there is a peer at the address.
 */
@NullMarked
package org.peerwire.pex;

import org.jspecify.annotations.NullMarked;
