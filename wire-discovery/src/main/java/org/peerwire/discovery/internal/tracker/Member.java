/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** A tracker of an announcement, and what it has been told. Confined to the loop. */
final class Member {
    final Endpoint endpoint;
    final Disposable.Swap request = Disposables.swap();

    /** True after the tracker has answered {@code started}: only then it is told of the end. */
    boolean started;

    /** True if the tracker believes that something is missing. */
    boolean incomplete;

    /** True if the tracker must still be told of the completion. */
    boolean completedDue;

    byte @Nullable [] trackerId;
    int failures;

    /** The time before which the tracker is not asked, in milliseconds. */
    long allowedAt;

    boolean never;

    /** The number of the last request. The signals of an older one are stale. */
    int asked;

    /** True from the request to its first answer or its failure. */
    boolean pending;

    Member(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    boolean isReady(long now) {
        return !never && !pending && allowedAt <= now;
    }

    /** Returns the event of the next announce. */
    AnnounceEvent event() {
        if (!started) {
            return AnnounceEvent.STARTED;
        }
        return completedDue ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
    }
}
