/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;

/**
 * The requests that have been answered lately, to tell a block that comes twice from one that nobody requested.
 * Remembers the last 1,024 or more for a minute or more, in two generations: a generation costs no entry by entry
 * removal.
 */
@EventLoopOnly
final class AnsweredRequests {
    private static final int GENERATION = 1_024;
    private static final long KEEP_MILLIS = 60_000;

    private LongObjectMap<BlockRequest> young = new LongObjectHashMap<>();
    private LongObjectMap<BlockRequest> old = new LongObjectHashMap<>();
    private long turned;

    /** Remembers a request. */
    void add(long key, BlockRequest request) {
        young.put(key, request);
        if (young.size() >= GENERATION) {
            turn();
        }
    }

    /** Forgets the request of a block. Returns true if it was remembered. */
    boolean take(long key, BlockRequest block) {
        @Nullable BlockRequest request = young.remove(key);
        if (request == null) {
            request = old.remove(key);
        }
        return block.equals(request);
    }

    /** Forgets the requests whose time is over. */
    void tick(long now) {
        if (now - turned >= KEEP_MILLIS) {
            turned = now;
            turn();
        }
    }

    void clear() {
        young.clear();
        old.clear();
    }

    private void turn() {
        LongObjectMap<BlockRequest> oldest = old;
        old = young;
        young = oldest;
        young.clear();
    }
}
