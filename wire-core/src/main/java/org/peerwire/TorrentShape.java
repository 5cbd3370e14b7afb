/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.peerwire.message.BlockRequest;

/**
 * What a wire needs to know of the torrent to check what the peer says: how long it is and how it is cut. Without it,
 * that is before the metadata of a magnet link has come, the wire accepts any plausible index up to a fixed limit.
 *
 * @param length bytes in the torrent, all files together
 * @param pieceLength bytes in each piece but the last
 * @param isPrivate whether the torrent is private (BEP 27): then no extension is used that does not allow it
 */
public record TorrentShape(long length, int pieceLength, boolean isPrivate) {

    /** Checks the ranges. */
    public TorrentShape {
        Ranges.atLeast("length", length, 0);
        Ranges.atLeast("pieceLength", pieceLength, 1);
        if (length > (long) Integer.MAX_VALUE * pieceLength) {
            throw Ranges.failure(
                    "length", "at most " + Integer.MAX_VALUE + " pieces of " + pieceLength + " bytes", length);
        }
    }

    /** A public torrent. */
    public static TorrentShape of(long length, int pieceLength) {
        return new TorrentShape(length, pieceLength, false);
    }

    /** How many pieces there are. */
    public int pieceCount() {
        return (int) ((length + pieceLength - 1) / pieceLength);
    }

    /**
     * Bytes in one piece; only the last is shorter than {@link #pieceLength()}.
     *
     * @throws IndexOutOfBoundsException if there is no such piece
     */
    public int pieceLength(int piece) {
        Objects.checkIndex(piece, pieceCount());
        return (int) Math.min(pieceLength, length - (long) piece * pieceLength);
    }

    /** Whether the block lies in the torrent: a known piece, at least one byte, and not over the end of the piece. */
    public boolean contains(BlockRequest block) {
        return block.isPlausible() && block.piece() < pieceCount() && block.end() <= pieceLength(block.piece());
    }

    /**
     * The blocks of a piece, in order: of {@link BlockRequest#BLOCK_LENGTH} but for the last.
     *
     * @throws IndexOutOfBoundsException if there is no such piece
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
