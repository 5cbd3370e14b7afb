/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceException;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * One read of blocks without gaps, file after file. Padding files are zeros, which no source is asked for (BEP 47).
 * Confined to the thread of the swarm.
 */
final class RangeRead {
    private final SwarmLoop loop;
    private final RangeSource source;
    private final RangeLane owner;
    private final Iterator<RangeSource.Range> ranges;
    private final List<BlockRequest> blocks;

    /** The blocks that have not come and that somebody needs. */
    private final Set<BlockRequest> needed;

    /** The bytes of the current block so far. */
    private final ByteBuf bytes = Unpooled.buffer(BlockRequest.BLOCK_LENGTH, BlockRequest.BLOCK_LENGTH);

    private int current;
    private RangeSource.@Nullable Range range;

    /** The bytes of the current range that have not come. */
    private int remaining;

    private @Nullable Body body;
    private boolean isSubscribed;
    private int outstanding;

    /** True while we ask for nothing, so that the source cannot be late. */
    private boolean isHeld;

    private long since;
    private boolean ended;

    /** The signals of one range, on any thread. Each buffer goes to the thread of the swarm, which releases it. */
    private final class Body extends BaseSubscriber<ByteBuf> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            loop.schedule(() -> subscribed(this));
        }

        @Override
        protected void hookOnNext(ByteBuf chunk) {
            loop.schedule(() -> arrived(this, chunk));
        }

        @Override
        protected void hookOnComplete() {
            loop.schedule(() -> completed(this));
        }

        @Override
        protected void hookOnError(Throwable error) {
            loop.schedule(() -> failed(this, error));
        }
    }

    /** Creates a read that has not begun. */
    RangeRead(SwarmLoop loop, RangeSource source, RangeLane owner, List<BlockRequest> blocks, FileRanges files) {
        this.loop = loop;
        this.source = source;
        this.owner = owner;
        this.blocks = blocks;
        this.needed = new HashSet<>(blocks);
        this.ranges = files.under(blocks).iterator();
        this.since = loop.millis();
    }

    /** Begins to read. Blocks may come before the method returns. */
    void begin() {
        advance();
    }

    /** Reads the next range, after the zeros before it. */
    private void advance() {
        body = null;
        while (!ended && ranges.hasNext()) {
            RangeSource.Range next = ranges.next();
            if (!next.file().padding()) {
                range = next;
                remaining = next.length();
                outstanding = 0;
                isSubscribed = false;
                Body reader = new Body();
                body = reader;
                Flux.defer(() -> source.read(next)).subscribe(reader);
                return;
            }
            zeros(next.length());
        }
        if (!ended) {
            end();
            owner.completed(this);
        }
    }

    private void zeros(int count) {
        for (int left = count; left > 0 && !ended; ) {
            int some = Math.min(left, blocks.get(current).length() - bytes.readableBytes());
            bytes.writeZero(some);
            left -= some;
            finishBlock();
        }
    }

    private void finishBlock() {
        BlockRequest block = blocks.get(current);
        if (bytes.readableBytes() == block.length()) {
            current++;
            since = loop.millis();
            needed.remove(block);
            owner.received(block, bytes);
            bytes.clear();
        }
    }

    // ---- the demand ----

    /** Returns true if the source may be asked for a buffer, with less than so many outstanding. */
    boolean takes(int ahead) {
        return !ended && isSubscribed && remaining > 0 && outstanding < ahead;
    }

    /** Asks for one buffer. */
    void request() {
        if (isHeld) {
            isHeld = false;
            since = loop.millis();
        }
        Body reader = body;
        if (reader != null) {
            outstanding++;
            reader.request(1);
        }
    }

    /** Notes that nothing is asked now. */
    void hold() {
        isHeld |= isSubscribed && outstanding == 0;
    }

    /** Returns true if the source owes us a block since a time or longer. */
    boolean isWaitingSince(long time) {
        return !ended && !isHeld && since <= time;
    }

    /** Notes that a block has come from elsewhere. Ends the read when no block is needed. Returns true if it has. */
    boolean cancel(BlockRequest block) {
        if (!ended && needed.remove(block) && needed.isEmpty()) {
            end();
            return true;
        }
        return false;
    }

    /** Cancels the read. No block comes after it. */
    void end() {
        ended = true;
        Body reader = body;
        if (reader != null && remaining > 0) { // or it completes, so that its connection can be used again
            reader.cancel();
        }
    }

    // ---- the signals ----

    private boolean isOver(Body from) {
        return ended || body != from;
    }

    private void subscribed(Body from) {
        if (!isOver(from)) {
            isSubscribed = true;
            owner.pump();
        }
    }

    private void arrived(Body from, ByteBuf chunk) {
        try {
            if (isOver(from)) {
                return;
            }
            outstanding--;
            owner.took(chunk.readableBytes());
            if (chunk.readableBytes() > remaining) {
                fail(from, "sent more than the " + length() + " bytes of the range");
                return;
            }
            remaining -= chunk.readableBytes();
            while (!ended && chunk.isReadable()) {
                int some = Math.min(chunk.readableBytes(), blocks.get(current).length() - bytes.readableBytes());
                bytes.writeBytes(chunk, some);
                finishBlock();
            }
        } finally {
            chunk.release();
        }
        owner.pump();
    }

    private void completed(Body from) {
        if (isOver(from)) {
            return;
        }
        if (remaining > 0) {
            fail(from, "sent " + (length() - remaining) + " of the " + length() + " bytes of the range");
        } else {
            advance();
        }
    }

    private int length() {
        return range == null ? 0 : range.length();
    }

    private void fail(Body from, String what) {
        failed(from, new SourceException(SourceException.Reason.FAILED, what));
    }

    private void failed(Body from, Throwable error) {
        if (!isOver(from)) {
            from.cancel();
            end();
            owner.failed(range, error);
        }
    }
}
