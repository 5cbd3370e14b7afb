/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;

/** A picker of four pieces of two blocks, and what its tests do with it. */
abstract class PickerTests {
    static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    static final int PIECES = 4;

    /** Four pieces of two blocks; the last one has a block and a half. */
    final TorrentShape shape = TorrentShape.of(7L * BLOCK + BLOCK / 2, 2 * BLOCK);

    final List<Integer> abandoned = new ArrayList<>();
    final TestWant want = new TestWant(PIECES);
    final PiecePicker<String> picker = picker(want);
    long now;

    PiecePicker<String> picker(Want... wants) {
        PiecePicker<String> created = new PiecePicker<>(shape, new Random(1), new PiecePicker.Abandonment<>() {
            @Override
            public void piece(int piece) {
                abandoned.add(piece);
            }

            @Override
            public void request(String peer, BlockRequest block) {}
        });
        List.of(wants).forEach(created.wants()::add);
        return created;
    }

    PieceSet pieces(int... pieces) {
        return PieceSet.of(PIECES, pieces);
    }

    List<BlockRequest> takeAll(String peer) {
        List<BlockRequest> taken = new ArrayList<>();
        for (BlockRequest next = picker.next(peer, now); next != null; next = picker.next(peer, now)) {
            taken.add(next);
        }
        return taken;
    }

    BlockRequest next(String peer) {
        return Objects.requireNonNull(picker.next(peer, now));
    }

    boolean deliver(String peer, BlockRequest block) {
        return picker.accept(peer, block) != null && picker.isComplete(block.piece());
    }

    void verified(int piece) {
        picker.finish(piece, true);
        want.missing.clear(piece);
    }

    Set<String> failed(int piece) {
        Set<String> senders = new HashSet<>();
        for (String sender : picker.finish(piece, false)) {
            if (sender != null) {
                senders.add(sender);
            }
        }
        return senders;
    }

    static BitSet bits(int... pieces) {
        BitSet bits = new BitSet();
        for (int piece : pieces) {
            bits.set(piece);
        }
        return bits;
    }
}
