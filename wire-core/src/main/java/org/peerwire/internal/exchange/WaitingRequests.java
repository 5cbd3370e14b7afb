/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;

/** The requests of one download that are not outstanding: not made yet, or dropped by a choke. */
@EventLoopOnly
final class WaitingRequests {
    private final ArrayDeque<BlockRequest> requests = new ArrayDeque<>();

    /** True if no request may be made, as far as is known. */
    private boolean fruitless;

    /** Adds a request from the source. */
    void add(BlockRequest request) {
        requests.add(request);
        fruitless = false;
    }

    /** Adds a request that may not be made at the moment. */
    void addDropped(BlockRequest request) {
        requests.add(request);
    }

    /** Called when the peer may have allowed more. */
    void onPermissionsChanged() {
        fruitless = false;
    }

    /** Removes and returns the first request that may be made, or returns null without one. */
    @Nullable
    BlockRequest poll(Predicate<BlockRequest> mayRequest) {
        for (int i = fruitless ? 0 : requests.size(); i > 0; i--) {
            BlockRequest next = requests.remove();
            if (mayRequest.test(next)) {
                return next;
            }
            requests.add(next);
        }
        fruitless = !requests.isEmpty();
        return null;
    }

    /** Removes a request. Returns false if it does not wait. */
    boolean remove(BlockRequest request) {
        return requests.remove(request);
    }

    int size() {
        return requests.size();
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    void clear() {
        requests.clear();
    }
}
