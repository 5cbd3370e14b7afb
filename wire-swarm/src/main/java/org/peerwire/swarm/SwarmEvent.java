/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PeerEvent;

/** An event of a swarm. */
public sealed interface SwarmEvent {

    /**
     * A wire is open.
     *
     * @param peer the other side
     * @param id the peer id of the other side
     * @param source the origin of the address that we dialled, or null if the peer dialled us
     */
    record Connected(
            InetSocketAddress peer, PeerId id, @Nullable PeerSource source) implements SwarmEvent {

        /** Returns true if we dialled. */
        public boolean dialled() {
            return source != null;
        }
    }

    /**
     * A wire has ended.
     *
     * @param peer the other side
     * @param reason the reason, for people
     */
    record Disconnected(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * A dial has failed. Repeated failures of one address are one event.
     *
     * @param peer the dialled address
     * @param reason the reason, for people
     * @param cause the failure
     */
    record Unreachable(InetSocketAddress peer, String reason, Throwable cause) implements SwarmEvent {}

    /**
     * An address turned out to be our own.
     *
     * @param peer the address
     */
    record Ourselves(InetSocketAddress peer) implements SwarmEvent {}

    /**
     * A peer told us about another peer (BEP 11).
     *
     * @param teller the peer that told us
     * @param news the other peer, added or dropped
     */
    record Heard(InetSocketAddress teller, PeerEvent news) implements SwarmEvent {}

    /**
     * A publisher of {@link SwarmBuilder#discover} told us an address. Known addresses are told too.
     *
     * @param source the origin
     * @param peer the address
     */
    record Discovered(PeerSource source, InetSocketAddress peer) implements SwarmEvent {}

    /**
     * A publisher of {@link SwarmBuilder#discover} has failed. The others go on.
     *
     * @param source the origin that it was given for
     * @param cause the failure
     */
    record DiscoveryFailed(PeerSource source, Throwable cause) implements SwarmEvent {}

    /**
     * The metadata of a magnet link is received and verified.
     *
     * @param torrent the torrent
     */
    record MetadataReceived(Torrent torrent) implements SwarmEvent {}

    /**
     * The store is open, and its pieces are verified.
     *
     * @param pieces the number of pieces that match
     * @param total the number of pieces of the torrent
     */
    record StoreOpened(int pieces, int total) implements SwarmEvent {}

    /**
     * A piece is received and verified, and is in the store if there is one.
     *
     * @param piece the index
     * @param pieces the number of pieces that were verified so far, those of the store included
     * @param total the number of pieces of the torrent
     */
    record PieceVerified(int piece, int pieces, int total) implements SwarmEvent {}

    /**
     * A piece is received and its hash does not match.
     *
     * @param piece the index
     * @param senders the peers that sent its blocks
     */
    record PieceFailed(int piece, List<InetSocketAddress> senders) implements SwarmEvent {}

    /**
     * A peer is disconnected and banned.
     *
     * @param peer the peer
     * @param id its peer id
     * @param reason its misbehaviour, for people
     */
    record Banned(InetSocketAddress peer, PeerId id, String reason) implements SwarmEvent {}

    /**
     * A source of ranges sends, for the first time or after a failure.
     *
     * @param source the name of the source
     */
    record SourceConnected(String source) implements SwarmEvent {}

    /**
     * A read of a source of ranges has failed.
     *
     * @param source the name of the source
     * @param reason the reason, for people
     * @param cause the failure
     * @param retry the time after which the source is read again; null if it is given up
     */
    record SourceFailed(
            String source,
            String reason,
            Throwable cause,
            @Nullable Duration retry) implements SwarmEvent {}

    /**
     * A source of ranges has sent wrong data, and is not read again.
     *
     * @param source the name of the source
     * @param reason its misbehaviour, for people
     */
    record SourceBanned(String source, String reason) implements SwarmEvent {}
}
