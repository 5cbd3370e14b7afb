/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.message.Message.Type;
import org.peerwire.message.PieceSet;

/** What the peer has: changed on the event loop in constant time, read anywhere. */
final class PeerPieces {
    private final int maxPieces;

    @EventLoopOnly
    private @Nullable TorrentShape shape;

    @EventLoopOnly
    private boolean all;

    /** What is missing of all, while nobody knows how many all are. */
    @EventLoopOnly
    private PagedBits lost;

    /** Bytes of the bitfield as it came, to be checked when the shape becomes known; −1 if there was none. */
    @EventLoopOnly
    private int bitfieldLength = -1;

    /** The highest piece that was named alone, to be checked when the shape becomes known. */
    @EventLoopOnly
    private int highest = -1;

    private volatile PagedBits bits;
    private volatile int capacity;

    PeerPieces(int maxPieces) {
        this.maxPieces = maxPieces;
        this.bits = unbounded();
        this.lost = unbounded();
    }

    /** As many as a bitfield may have while the shape is not known. */
    private PagedBits unbounded() {
        return new PagedBits(PieceSet.byteLength(maxPieces) * 8);
    }

    /**
     * Takes the shape and checks against it what the peer has said so far; true if the bitfield had spare bits, which are
     * gone now.
     */
    @EventLoopOnly
    boolean shape(TorrentShape known) {
        shape = known;
        int count = known.pieceCount();
        if (highest >= count) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    Type.HAVE.id(),
                    "the peer has named piece " + highest + " of a torrent with " + count + " pieces");
        }
        if (all) {
            all = false;
            replace(IntStream.range(0, count).filter(piece -> !lost.get(piece)), count);
            return false;
        }
        if (bitfieldLength >= 0 && bitfieldLength != PieceSet.byteLength(count)) {
            throw wrongLength(bitfieldLength, count);
        }
        PagedBits before = bits;
        int last = before.highest();
        replace(IntStream.rangeClosed(0, Math.min(last, count - 1)).filter(before::get), count);
        return last >= count;
    }

    /** Takes a bitfield; true if it had spare bits, which are left out. */
    @EventLoopOnly
    boolean bitfield(PieceSet pieces) {
        TorrentShape known = shape;
        if (known != null && pieces.byteLength() != PieceSet.byteLength(known.pieceCount())) {
            throw wrongLength(pieces.byteLength(), known.pieceCount());
        }
        all = false;
        bitfieldLength = pieces.byteLength();
        int count = known != null ? known.pieceCount() : pieces.capacity();
        replace(pieces.stream().filter(piece -> piece < count), count);
        return pieces.hasSpareBits(count);
    }

    @EventLoopOnly
    void all() {
        bitfieldLength = -1;
        TorrentShape known = shape;
        int count = known != null ? known.pieceCount() : 0;
        all = known == null;
        lost = unbounded();
        replace(IntStream.range(0, count), count);
    }

    @EventLoopOnly
    void none() {
        all = false;
        bitfieldLength = -1;
        replace(IntStream.empty(), shape != null ? shape.pieceCount() : 0);
    }

    /** Adds a piece; false if it was there. */
    @EventLoopOnly
    boolean add(int piece, Type said) {
        check(piece, said);
        if (contains(piece)) {
            return false;
        }
        if (all) {
            lost.clear(piece);
            return true;
        }
        bits.set(piece);
        if (shape == null) {
            capacity = Math.max(capacity, (piece | 7) + 1);
        }
        return true;
    }

    /** Takes a piece away; false if it was not there. */
    @EventLoopOnly
    boolean remove(int piece, Type said) {
        check(piece, said);
        if (!contains(piece)) {
            return false;
        }
        if (all) {
            lost.set(piece);
        } else {
            bits.clear(piece);
        }
        return true;
    }

    /** Refuses an index the torrent does not have. */
    @EventLoopOnly
    private void check(int piece, Type said) {
        if (!isPlausible(piece)) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    said.id(),
                    said + " of piece " + Integer.toUnsignedString(piece) + " in a torrent of "
                            + (shape != null ? shape.pieceCount() : "at most " + maxPieces) + " pieces");
        }
        highest = Math.max(highest, piece);
    }

    @EventLoopOnly
    boolean isPlausible(int piece) {
        return Integer.toUnsignedLong(piece) < (shape != null ? shape.pieceCount() : maxPieces);
    }

    /** Whether the peer has the piece. */
    @EventLoopOnly
    private boolean contains(int piece) {
        return all ? !lost.get(piece) : bits.get(piece);
    }

    /** Whether the peer has the piece, as far as the shape is known. */
    boolean has(int piece) {
        return bits.get(piece);
    }

    PieceSet snapshot() {
        PagedBits now = bits;
        int count = capacity;
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[PieceSet.byteLength(count)]);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.setByte(i, Integer.reverse(now.word(i >> 2) >>> ((i & 3) * 8)) >>> 24);
        }
        return PieceSet.read(bytes).resize(count);
    }

    private void replace(IntStream pieces, int count) {
        PagedBits next = shape != null ? new PagedBits(count) : unbounded();
        pieces.forEach(next::set);
        bits = next;
        capacity = count;
    }

    private static ProtocolException wrongLength(int bytes, int count) {
        return new ProtocolException(
                Reason.BITFIELD,
                Type.BITFIELD.id(),
                "a bitfield of " + bytes + " bytes for " + count + " pieces; it must be " + PieceSet.byteLength(count));
    }
}
