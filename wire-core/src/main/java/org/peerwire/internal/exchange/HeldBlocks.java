/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.Counters;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;

/** The blocks in memory for the peer: those that are being read, counted, and those that wait for the socket. */
@EventLoopOnly
final class HeldBlocks {
    private final Counters counters;
    private final ArrayDeque<Message.Piece> ready = new ArrayDeque<>();
    private int bytes;

    HeldBlocks(Counters counters) {
        this.counters = counters;
    }

    /** Returns true if a block may be read when there is room for so many bytes. */
    boolean fits(BlockRequest block, long room) {
        return bytes + block.length() <= room;
    }

    /** Counts a block whose read begins. */
    void onReading(BlockRequest block) {
        count(block.length());
    }

    /** Forgets a block whose read has brought nothing. */
    void onNotRead(BlockRequest block) {
        count(-block.length());
    }

    /** Takes a block that has been read, and its ownership. */
    void onRead(BlockRequest block, ByteBuf data) {
        ready.add(new Message.Piece(block.piece(), block.offset(), data));
    }

    /** Returns the next block for the socket, whose ownership passes to the caller, or null. */
    Message.@Nullable Piece poll() {
        Message.Piece next = ready.poll();
        if (next != null) {
            count(-next.data().readableBytes());
        }
        return next;
    }

    /** Releases and returns the blocks that wait for the socket and match. */
    List<BlockRequest> drop(Predicate<BlockRequest> which) {
        List<BlockRequest> dropped = new ArrayList<>();
        ready.removeIf(piece -> {
            BlockRequest block =
                    new BlockRequest(piece.piece(), piece.offset(), piece.data().readableBytes());
            if (!which.test(block)) {
                return false;
            }
            piece.release();
            count(-block.length());
            return dropped.add(block);
        });
        return dropped;
    }

    private void count(int more) {
        bytes += more;
        counters.set(Counter.UPLOAD_BYTES_HELD, bytes);
    }
}
