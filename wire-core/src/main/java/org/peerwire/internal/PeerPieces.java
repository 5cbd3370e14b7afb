/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
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
    private final BitSet lost = new BitSet();

    /** Bytes of the bitfield as it came, to be checked when the shape becomes known; −1 if there was none. */
    @EventLoopOnly
    private int bitfieldLength = -1;

    private volatile AtomicIntegerArray words = new AtomicIntegerArray(0);
    private volatile int capacity;

    PeerPieces(int maxPieces) {
        this.maxPieces = maxPieces;
    }

    /** Takes the shape and checks against it what the peer has said so far. */
    @EventLoopOnly
    void shape(TorrentShape known) {
        PieceSet before = snapshot();
        boolean hadAll = all;
        all = false;
        shape = known;
        int count = known.pieceCount();
        if (hadAll) {
            replace(PieceSet.all(count), count);
            lost.stream().filter(piece -> piece < count).forEach(this::clear);
            lost.clear();
            return;
        }
        if (bitfieldLength >= 0 && bitfieldLength != PieceSet.byteLength(count)) {
            throw wrongLength(bitfieldLength, count);
        }
        int last = before.stream().max().orElse(-1);
        if (last >= count) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    Type.HAVE.id(),
                    "the peer has piece " + last + " of a torrent with " + count + " pieces");
        }
        replace(before.resize(count), count);
    }

    @EventLoopOnly
    void bitfield(PieceSet pieces) {
        TorrentShape known = shape;
        if (known != null) {
            int count = known.pieceCount();
            if (pieces.byteLength() != PieceSet.byteLength(count)) {
                throw wrongLength(pieces.byteLength(), count);
            }
            if (pieces.hasSpareBits(count)) {
                throw new ProtocolException(
                        Reason.BITFIELD, Type.BITFIELD.id(), "the bitfield has bits behind piece " + (count - 1));
            }
        }
        all = false;
        bitfieldLength = pieces.byteLength();
        replace(pieces, known != null ? known.pieceCount() : pieces.capacity());
    }

    @EventLoopOnly
    void all() {
        all = shape == null;
        lost.clear();
        bitfieldLength = -1;
        int count = shape != null ? shape.pieceCount() : 0;
        replace(PieceSet.all(count), count);
    }

    @EventLoopOnly
    void none() {
        all = false;
        bitfieldLength = -1;
        int count = shape != null ? shape.pieceCount() : 0;
        replace(PieceSet.none(count), count);
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
        if (piece >= capacity) {
            grow(piece);
        }
        AtomicIntegerArray now = words;
        now.lazySet(piece >> 5, now.getPlain(piece >> 5) | 1 << (piece & 31));
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
            clear(piece);
        }
        return true;
    }

    private void clear(int piece) {
        AtomicIntegerArray now = words;
        now.lazySet(piece >> 5, now.getPlain(piece >> 5) & ~(1 << (piece & 31)));
    }

    /** Refuses an index the torrent does not have. */
    @EventLoopOnly
    void check(int piece, Type said) {
        if (!isPlausible(piece)) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    said.id(),
                    said + " of piece " + Integer.toUnsignedString(piece) + " in a torrent of "
                            + (shape != null ? shape.pieceCount() : "at most " + maxPieces) + " pieces");
        }
    }

    @EventLoopOnly
    boolean isPlausible(int piece) {
        return Integer.toUnsignedLong(piece) < (shape != null ? shape.pieceCount() : maxPieces);
    }

    /** Whether the peer has the piece. */
    @EventLoopOnly
    private boolean contains(int piece) {
        AtomicIntegerArray now = words;
        return all ? !lost.get(piece) : (piece >> 5) < now.length() && (now.get(piece >> 5) & (1 << (piece & 31))) != 0;
    }

    /** Whether the peer has the piece, as far as the shape is known. */
    boolean has(int piece) {
        AtomicIntegerArray now = words;
        return piece >= 0 && (piece >> 5) < now.length() && (now.get(piece >> 5) & (1 << (piece & 31))) != 0;
    }

    PieceSet snapshot() {
        AtomicIntegerArray now = words;
        int count = capacity;
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[PieceSet.byteLength(count)]);
        for (int i = 0; i < bytes.capacity(); i++) {
            int word = i >> 2 < now.length() ? now.get(i >> 2) : 0;
            bytes.setByte(i, Integer.reverse(word >>> ((i & 3) * 8)) >>> 24);
        }
        return PieceSet.read(bytes).resize(count);
    }

    private void replace(PieceSet pieces, int count) {
        AtomicIntegerArray next = new AtomicIntegerArray((count + 31) >> 5);
        pieces.stream()
                .filter(piece -> piece < count)
                .forEach(piece -> next.setPlain(piece >> 5, next.getPlain(piece >> 5) | 1 << (piece & 31)));
        words = next;
        capacity = count;
    }

    private void grow(int piece) {
        AtomicIntegerArray old = words;
        int length = Math.max((piece >> 5) + 1, Math.min(old.length() * 2, (maxPieces + 31) >> 5));
        AtomicIntegerArray next = new AtomicIntegerArray(length);
        for (int i = 0; i < old.length(); i++) {
            next.setPlain(i, old.getPlain(i));
        }
        words = next;
        capacity = length << 5;
    }

    private static ProtocolException wrongLength(int bytes, int count) {
        return new ProtocolException(
                Reason.BITFIELD,
                Type.BITFIELD.id(),
                "a bitfield of " + bytes + " bytes for " + count + " pieces; it must be " + PieceSet.byteLength(count));
    }
}
