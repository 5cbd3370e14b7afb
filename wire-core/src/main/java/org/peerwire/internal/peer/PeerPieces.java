/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;

/** The pieces that the peer has: changed on the event loop, read on any thread. */
public final class PeerPieces {
    private final KnownTorrent torrent;

    @EventLoopOnly
    private boolean all;

    /** The pieces that a have-all does not cover any more, before the number of pieces is known. */
    @EventLoopOnly
    private PagedBits lost;

    /** Bytes of the last bitfield, checked when the shape becomes known; −1 without a bitfield. */
    @EventLoopOnly
    private int bitfieldLength = -1;

    /** The highest index of a single piece, checked when the shape becomes known. */
    @EventLoopOnly
    private int highest = -1;

    private volatile PagedBits bits;
    private volatile int capacity;

    /** Creates an empty set. */
    public PeerPieces(KnownTorrent torrent) {
        this.torrent = torrent;
        this.bits = unbounded();
        this.lost = unbounded();
    }

    /** Returns bits for the longest bitfield that is accepted before the shape is known. */
    private PagedBits unbounded() {
        return new PagedBits(PieceSet.byteLength(torrent.maxPieces()) * 8);
    }

    /**
     * Checks the earlier messages of the peer against the shape, which has just become known.
     *
     * @return true if the bitfield had spare bits, which are cleared now
     * @throws ProtocolException if an earlier message does not fit the shape
     */
    @EventLoopOnly
    public boolean onShape() {
        int count = torrent.maxPieces();
        if (highest >= count) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    MessageType.HAVE.id(),
                    "the peer named piece " + highest + "; the torrent has " + count + " pieces");
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

    /**
     * Replaces the set by a bitfield.
     *
     * @return true if it had spare bits, which are left out
     * @throws ProtocolException if its length does not fit the shape
     */
    @EventLoopOnly
    public boolean bitfield(PieceSet pieces) {
        if (torrent.isKnown() && pieces.byteLength() != PieceSet.byteLength(torrent.maxPieces())) {
            throw wrongLength(pieces.byteLength(), torrent.maxPieces());
        }
        all = false;
        bitfieldLength = pieces.byteLength();
        int count = torrent.isKnown() ? torrent.maxPieces() : pieces.capacity();
        replace(pieces.stream().filter(piece -> piece < count), count);
        return pieces.hasSpareBits(count);
    }

    /** Applies a have-all. */
    @EventLoopOnly
    public void all() {
        bitfieldLength = -1;
        int count = torrent.isKnown() ? torrent.maxPieces() : 0;
        all = !torrent.isKnown();
        lost = unbounded();
        replace(IntStream.range(0, count), count);
    }

    /** Applies a have-none. */
    @EventLoopOnly
    public void none() {
        all = false;
        bitfieldLength = -1;
        replace(IntStream.empty(), torrent.isKnown() ? torrent.maxPieces() : 0);
    }

    /**
     * Adds a piece.
     *
     * @return false if the peer had it before
     * @throws ProtocolException if the torrent has no such piece
     */
    @EventLoopOnly
    public boolean add(int piece, MessageType said) {
        check(piece, said);
        if (contains(piece)) {
            return false;
        }
        if (all) {
            lost.clear(piece);
            return true;
        }
        bits.set(piece);
        if (!torrent.isKnown()) {
            capacity = Math.max(capacity, (piece | 7) + 1);
        }
        return true;
    }

    /**
     * Removes a piece.
     *
     * @return false if the peer did not have it
     * @throws ProtocolException if the torrent has no such piece
     */
    @EventLoopOnly
    public boolean remove(int piece, MessageType said) {
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

    @EventLoopOnly
    private void check(int piece, MessageType said) {
        if (!isPlausible(piece)) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    said.id(),
                    said + " of piece " + Integer.toUnsignedString(piece) + "; the torrent has "
                            + (torrent.isKnown() ? "" : "at most ") + torrent.maxPieces() + " pieces");
        }
        highest = Math.max(highest, piece);
    }

    /** Returns true if the torrent has such a piece, or may have it before the shape is known. */
    @EventLoopOnly
    public boolean isPlausible(int piece) {
        return Integer.toUnsignedLong(piece) < torrent.maxPieces();
    }

    @EventLoopOnly
    private boolean contains(int piece) {
        return all ? !lost.get(piece) : bits.get(piece);
    }

    /** Returns true if the peer has the piece; before the shape is known, a have-all adds no piece. Any thread. */
    public boolean has(int piece) {
        return bits.get(piece);
    }

    /** Returns a copy. Any thread. */
    public PieceSet snapshot() {
        PagedBits now = bits;
        int count = capacity;
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[PieceSet.byteLength(count)]);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.setByte(i, Integer.reverse(now.word(i >> 2) >>> ((i & 3) * 8)) >>> 24);
        }
        return PieceSet.read(bytes).resize(count);
    }

    private void replace(IntStream pieces, int count) {
        PagedBits next = torrent.isKnown() ? new PagedBits(count) : unbounded();
        pieces.forEach(next::set);
        bits = next;
        capacity = count;
    }

    private static ProtocolException wrongLength(int bytes, int count) {
        return new ProtocolException(
                Reason.BITFIELD,
                MessageType.BITFIELD.id(),
                "a bitfield of " + bytes + " bytes; " + PieceSet.byteLength(count) + " are accepted for " + count
                        + " pieces");
    }
}
