/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;

/**
 * The facts about one peer, over all of its wires within the memory of the swarm. They are facts, not a policy: a user
 * who bans decides by them.
 *
 * @param address the address of the other side
 * @param id the peer id
 * @param isConnected true if the wire is open
 * @param announced the number of pieces that the peer has announced
 * @param received the bytes of blocks that it has sent and that were missing
 * @param wasted the bytes of blocks that it has sent and that had arrived from others before
 * @param sent the bytes of blocks that we have sent it
 * @param downloadRate the bytes of blocks per second that it sends
 * @param uploadRate the bytes of blocks per second that it gets
 * @param repeated the number of blocks that it has requested from us more than once
 * @param stalls the number of times that its blocks went to others because it sent none
 * @param refusals the number of requests that it has rejected or left unanswered
 * @param failedPieces the number of failed pieces in which it has at least one block
 * @param proof how it is proven that it has sent wrong data, for people; null if it is not
 */
public record PeerStats(
        InetSocketAddress address,
        PeerId id,
        boolean isConnected,
        int announced,
        long received,
        long wasted,
        long sent,
        long downloadRate,
        long uploadRate,
        long repeated,
        long stalls,
        long refusals,
        long failedPieces,
        @Nullable String proof) {

    /** Returns these facts with the counters of an earlier wire to the same peer added. */
    public PeerStats plus(PeerStats earlier) {
        return new PeerStats(
                address,
                id,
                isConnected,
                Math.max(announced, earlier.announced),
                received + earlier.received,
                wasted + earlier.wasted,
                sent + earlier.sent,
                downloadRate,
                uploadRate,
                repeated + earlier.repeated,
                stalls + earlier.stalls,
                refusals + earlier.refusals,
                failedPieces + earlier.failedPieces,
                proof == null ? earlier.proof : proof);
    }
}
