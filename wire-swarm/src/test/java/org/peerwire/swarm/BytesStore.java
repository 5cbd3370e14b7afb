/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;

/** A store that a test can look into, and that verifies nothing. */
final class BytesStore implements PieceStore {
    final ConcurrentMap<Integer, byte[]> pieces = new ConcurrentHashMap<>();
    private final byte @Nullable [] all;
    volatile boolean closed;

    BytesStore(byte @Nullable [] all) {
        this.all = all;
    }

    @Override
    public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
        return Mono.fromCallable(() -> {
            BitSet have = new BitSet();
            byte[] content = all;
            if (content != null) {
                for (int i = 0; i < torrent.pieceCount(); i++) {
                    int from = i * torrent.pieceLength();
                    pieces.put(
                            i,
                            Arrays.copyOfRange(
                                    content, from, from + torrent.shape().pieceLength(i)));
                    have.set(i);
                }
            }
            return PieceSet.of(torrent.pieceCount(), have);
        });
    }

    @Override
    public Mono<Void> write(Piece piece) {
        return Mono.fromRunnable(() -> pieces.put(piece.index(), ByteBufUtil.getBytes(piece.data())));
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return Mono.fromCallable(
                () -> Unpooled.wrappedBuffer(pieces.get(request.piece()), request.offset(), request.length()));
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> closed = true);
    }
}
