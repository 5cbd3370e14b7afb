/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.HashMap;
import java.util.Map;

/** The received pieces of metadata of one size. Uses memory for received pieces, not for the claimed size. */
final class PieceBuffer {
    private final int size;
    private final Map<Integer, byte[]> pieces = new HashMap<>();

    PieceBuffer(int size) {
        this.size = size;
    }

    boolean has(int piece) {
        return pieces.containsKey(piece);
    }

    void put(int piece, byte[] bytes) {
        pieces.put(piece, bytes);
    }

    /** Adds a piece of another buffer of the same size. */
    void take(int piece, PieceBuffer other) {
        byte[] bytes = other.pieces.get(piece);
        if (bytes != null) {
            pieces.put(piece, bytes);
        }
    }

    boolean isComplete() {
        return pieces.size() == MetadataMessage.count(size);
    }

    /** Returns the metadata. The buffer must be complete. */
    byte[] join() {
        byte[] whole = new byte[size];
        pieces.forEach((piece, bytes) ->
                System.arraycopy(bytes, 0, whole, piece * MetadataMessage.PIECE_LENGTH, bytes.length));
        return whole;
    }
}
