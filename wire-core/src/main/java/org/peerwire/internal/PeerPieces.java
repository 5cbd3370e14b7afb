/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;

/** What the peer has: changed on the event loop in constant time, read anywhere. */
final class PeerPieces {
    private final KnownTorrent torrent;

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

    PeerPieces(KnownTorrent torrent) {
        this.torrent = torrent;
        this.bits = unbounded();
        this.lost = unbounded();
    }

    /** As many as a bitfield may have while the shape is not known. */
    private PagedBits unbounded() {
        return new PagedBits(PieceSet.byteLength(torrent.maxPieces()) * 8);
    }

    /**
     * Checks what the peer has said so far against the shape that has just become known. Returns true if the bitfield had
     * spare bits, which are gone now.
     */
    @EventLoopOnly
    boolean onShape() {
        int count = torrent.maxPieces();
        if (highest >= count) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    MessageType.HAVE.id(),
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
        if (torrent.isKnown() && pieces.byteLength() != PieceSet.byteLength(torrent.maxPieces())) {
            throw wrongLength(pieces.byteLength(), torrent.maxPieces());
        }
        all = false;
        bitfieldLength = pieces.byteLength();
        int count = torrent.isKnown() ? torrent.maxPieces() : pieces.capacity();
        replace(pieces.stream().filter(piece -> piece < count), count);
        return pieces.hasSpareBits(count);
    }

    @EventLoopOnly
    void all() {
        bitfieldLength = -1;
        int count = torrent.isKnown() ? torrent.maxPieces() : 0;
        all = !torrent.isKnown();
        lost = unbounded();
        replace(IntStream.range(0, count), count);
    }

    @EventLoopOnly
    void none() {
        all = false;
        bitfieldLength = -1;
        replace(IntStream.empty(), torrent.isKnown() ? torrent.maxPieces() : 0);
    }

    /** Adds a piece; false if it was there. */
    @EventLoopOnly
    boolean add(int piece, MessageType said) {
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

    /** Takes a piece away; false if it was not there. */
    @EventLoopOnly
    boolean remove(int piece, MessageType said) {
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
    private void check(int piece, MessageType said) {
        if (!isPlausible(piece)) {
            throw new ProtocolException(
                    Reason.PIECE_INDEX,
                    said.id(),
                    said + " of piece " + Integer.toUnsignedString(piece) + " in a torrent of "
                            + (torrent.isKnown() ? "" : "at most ") + torrent.maxPieces() + " pieces");
        }
        highest = Math.max(highest, piece);
    }

    @EventLoopOnly
    boolean isPlausible(int piece) {
        return Integer.toUnsignedLong(piece) < torrent.maxPieces();
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
        PagedBits next = torrent.isKnown() ? new PagedBits(count) : unbounded();
        pieces.forEach(next::set);
        bits = next;
        capacity = count;
    }

    private static ProtocolException wrongLength(int bytes, int count) {
        return new ProtocolException(
                Reason.BITFIELD,
                MessageType.BITFIELD.id(),
                "a bitfield of " + bytes + " bytes for " + count + " pieces; it must be " + PieceSet.byteLength(count));
    }
}
