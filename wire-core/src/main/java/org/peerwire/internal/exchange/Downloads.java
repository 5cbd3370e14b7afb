/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.ArrayList;
import java.util.List;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Signals;
import org.peerwire.message.BlockRequest;

/** The downloads of a wire, which hear when they may request more. */
@EventLoopOnly
public final class Downloads {

    /** A download. */
    interface Download {

        /** Requests as much as there is room and demand for. */
        void schedule();

        /** Called when the peer has changed what it lets us request. */
        void onPermissionsChanged();

        /** Fails a request that waits, because the user cancels it. Returns false if it does not wait. */
        boolean onOurCancel(BlockRequest request);

        /** Called once a second with the active time. */
        void tick(long now);

        /** Called after the end of the wire, once. */
        void onWireEnd();
    }

    /** Replaced, never changed: downloads come and go while they are called. */
    private List<Download> downloads = List.of();

    void add(Download download) {
        List<Download> more = new ArrayList<>(downloads);
        more.add(download);
        downloads = List.copyOf(more);
    }

    void remove(Download download) {
        List<Download> fewer = new ArrayList<>(downloads);
        fewer.remove(download);
        downloads = List.copyOf(fewer);
    }

    /** Called when an unchoke, an allowed-fast piece or a longer queue lets us request more. */
    public void onPermissionsChanged() {
        downloads.forEach(Download::onPermissionsChanged);
    }

    /** Called when a place in the peer's queue or in the buffer has become free. */
    public void onPlaceFreed() {
        downloads.forEach(Download::schedule);
    }

    /**
     * Fails a request that waits for an unchoke, because the user cancels it by a message.
     *
     * @return false if none waits
     */
    public boolean onOurCancel(BlockRequest request) {
        boolean found = false;
        for (Download download : downloads) {
            found |= download.onOurCancel(request);
        }
        return found;
    }

    /** Called once a second with the active time. */
    public void tick(long now) {
        downloads.forEach(download -> download.tick(now));
    }

    /**
     * Tells all downloads of the end. They may pull their sources then, so everything else has to know of the end
     * before.
     */
    public void close() {
        downloads.forEach(download -> Signals.run(download::onWireEnd));
    }
}
