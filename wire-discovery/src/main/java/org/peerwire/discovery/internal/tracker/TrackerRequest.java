/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.discovery.Progress;

/**
 * One announce, as it is sent.
 *
 * @param trackerId what the tracker has asked to be told again, in HTTP only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrackerRequest(
        InfoHash infoHash,
        PeerId peerId,
        int port,
        int key,
        int numWant,
        Progress progress,
        AnnounceEvent event,
        byte @Nullable [] trackerId) {

    /** Returns this request with the id that the tracker has given. */
    TrackerRequest with(byte @Nullable [] newTrackerId) {
        return new TrackerRequest(infoHash, peerId, port, key, numWant, progress, event, newTrackerId);
    }
}
