/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.peerwire.message.BlockRequest;

/**
 * The lengths of a torrent and of its pieces, to check the messages of the peer. Before the metadata of a magnet link
 * has arrived there is no shape, and the wire accepts every index below {@link WireLimits#maxPieces()}.
 *
 * @param length the number of bytes in all files together, 0 or more, and at most 2,147,483,647 pieces
 * @param pieceLength the number of bytes in each piece except the last, 1 or more
 * @param isPrivate true for a private torrent (BEP 27), which excludes the extensions that do not allow it
 */
public record TorrentShape(long length, int pieceLength, boolean isPrivate) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public TorrentShape {
        Ranges.atLeast("length", length, 0);
        Ranges.atLeast("pieceLength", pieceLength, 1);
        if (length > (long) Integer.MAX_VALUE * pieceLength) {
            throw Ranges.failure(
                    "length", "at most " + Integer.MAX_VALUE + " pieces of " + pieceLength + " bytes", length);
        }
    }

    /** Returns the shape of a public torrent. */
    public static TorrentShape of(long length, int pieceLength) {
        return new TorrentShape(length, pieceLength, false);
    }

    /** Returns the number of pieces. */
    public int pieceCount() {
        return (int) ((length + pieceLength - 1) / pieceLength);
    }

    /**
     * Returns the number of bytes in one piece. Only the last piece may be shorter than {@link #pieceLength()}.
     *
     * @throws IndexOutOfBoundsException if the torrent has no such piece
     */
    public int pieceLength(int piece) {
        Objects.checkIndex(piece, pieceCount());
        return (int) Math.min(pieceLength, length - (long) piece * pieceLength);
    }

    /** Returns true if a block has at least one byte and lies completely inside one piece of the torrent. */
    public boolean contains(BlockRequest block) {
        return block.isPlausible() && block.piece() < pieceCount() && block.end() <= pieceLength(block.piece());
    }

    /**
     * Returns the blocks of a piece in order, each of {@link BlockRequest#BLOCK_LENGTH} bytes except the last.
     *
     * @throws IndexOutOfBoundsException if the torrent has no such piece
     */
    public List<BlockRequest> blocks(int piece) {
        int length = pieceLength(piece);
        List<BlockRequest> blocks = new ArrayList<>();
        for (int offset = 0; offset < length; offset += BlockRequest.BLOCK_LENGTH) {
            blocks.add(new BlockRequest(piece, offset, Math.min(BlockRequest.BLOCK_LENGTH, length - offset)));
        }
        return blocks;
    }
}
