/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.discovery.Progress;

/** Requests for tests. */
final class Requests {
    static final InfoHash HASH = InfoHash.parse("123456789abcdef123456789abcdef123456789a");
    static final PeerId ID = PeerId.parse("-PW0001-abcdefghijkl");

    private Requests() {}

    static TrackerRequest of(AnnounceEvent event) {
        return new TrackerRequest(HASH, ID, 6881, 0x0a0b0c0d, 50, new Progress(1, 2, 3), event, null);
    }
}
