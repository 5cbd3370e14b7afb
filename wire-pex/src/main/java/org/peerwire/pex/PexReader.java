/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of the peer exchange messages of one peer. Enforces the rate and the lengths of {@link PexLimits}. Not
 * thread-safe.
 */
final class PexReader {
    private final PexOptions options;
    private final PexLimits limits;
    private final Consumer<PexIgnored> ignored;
    private final TokenBucket bucket;
    private boolean first = true;
    private int excess;
    private @Nullable PexException failure;

    PexReader(PexOptions options, Consumer<PexIgnored> ignored) {
        this.options = options;
        this.limits = options.limits();
        this.ignored = ignored;
        this.bucket = new TokenBucket(limits.receiveInterval().toMillis(), limits.receiveBurst(), now());
    }

    /**
     * Decodes a message and does not release it. Returns null for an ignored message.
     *
     * @throws PexException if the peer has exceeded the rate {@link PexLimits#tolerated()} times; then for each
     *     message
     */
    @Nullable
    PexMessage read(ByteBuf payload) {
        if (failure != null) {
            throw failure;
        }
        if (!bucket.take(now())) {
            onExcess();
            return null;
        }
        excess = Math.max(0, excess - 1);
        if (payload.readableBytes() > limits.maxMessageLength()) {
            ignored.accept(PexIgnored.MALFORMED);
            return null;
        }
        PexMessage message = first
                ? PexMessage.decode(payload, limits.firstUsed(), Integer.MAX_VALUE, ignored)
                : PexMessage.decode(payload, limits.laterUsed(), PexMessage.MAX_LISTED, ignored);
        first &= message.isEmpty();
        return message;
    }

    private void onExcess() {
        ignored.accept(PexIgnored.TOO_OFTEN);
        if (++excess >= limits.tolerated()) {
            failure = new PexException("received " + excess + " ut_pex messages over the rate of one per "
                    + limits.receiveInterval().toSeconds() + " s, allowed are fewer than " + limits.tolerated());
            throw failure;
        }
    }

    private long now() {
        return options.scheduler().now(TimeUnit.MILLISECONDS);
    }
}
