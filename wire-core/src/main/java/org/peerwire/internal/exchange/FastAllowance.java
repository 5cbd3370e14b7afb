/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.AllowedFastSet;
import org.peerwire.InfoHash;
import org.peerwire.TorrentShape;
import org.peerwire.WireOptions;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;

/** The pieces that the peer may request while we choke it (BEP 6), and how many bytes of each it has requested. */
@EventLoopOnly
public final class FastAllowance {
    private final KnownTorrent torrent;
    private final OutboundQueue outbound;
    private final InfoHash infoHash;
    private final @Nullable InetAddress peer;
    private final int pieces;
    private final int times;
    private final Map<Integer, Long> requested = new HashMap<>();
    private boolean announced;

    /**
     * Creates an allowance without pieces.
     *
     * @param peer the address that the set is computed from, or null to announce nothing
     */
    public FastAllowance(
            KnownTorrent torrent,
            OutboundQueue outbound,
            InfoHash infoHash,
            @Nullable InetAddress peer,
            WireOptions options) {
        this.torrent = torrent;
        this.outbound = outbound;
        this.infoHash = infoHash;
        this.peer = peer;
        this.pieces = options.allowedFastPieces();
        this.times = options.limits().maxFastServes();
    }

    /**
     * Sends the allowed-fast set of the peer's address, once, if the shape is known and the peer has an IPv4 address.
     */
    public void announce() {
        TorrentShape shape = torrent.shape();
        if (!announced && peer != null && shape != null && shape.pieceCount() > 0) {
            announced = true;
            AllowedFastSet.of(peer, infoHash, shape.pieceCount(), pieces)
                    .forEach(piece -> outbound.add(new Message.AllowedFast(piece)));
        }
    }

    /** Notes an allowed-fast message of ours that has been written. */
    public void allow(int piece) {
        requested.putIfAbsent(piece, 0L);
    }

    /** Returns true if the piece of a request is allowed. */
    boolean contains(BlockRequest request) {
        return requested.containsKey(request.piece());
    }

    /** Returns true if the piece is allowed and the peer has not requested more than its share of it. */
    boolean mayRequest(BlockRequest request) {
        Long bytes = requested.get(request.piece());
        return bytes != null && bytes < (long) times * torrent.pieceLength(request.piece());
    }

    /** Counts a request that was accepted during a choke. */
    void count(BlockRequest request) {
        requested.merge(request.piece(), (long) request.length(), Long::sum);
    }
}
