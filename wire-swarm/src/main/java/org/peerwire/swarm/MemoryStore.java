/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.internal.store.Failures;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The pieces of a torrent in memory, for tests and small torrents. A complete store takes as much heap as the torrent is
 * long. One store is for one torrent, and is opened once. Signals arrive on the calling thread, except those of the
 * opening with content. Thread-safe.
 */
public final class MemoryStore implements PieceStore {
    private final @Nullable Torrent owner;
    private final byte[] content;
    private final AtomicReference<@Nullable Pieces> current = new AtomicReference<>();
    private volatile boolean closed;

    /** The pieces of an open store; null for one that is missing. */
    private record Pieces(Torrent torrent, AtomicReferenceArray<@Nullable ByteBuffer> data) {

        PieceSet have() {
            int count = data.length();
            return PieceSet.of(
                    count,
                    IntStream.range(0, count)
                            .filter(piece -> data.get(piece) != null)
                            .toArray());
        }
    }

    private MemoryStore(@Nullable Torrent owner, byte[] content) {
        this.owner = owner;
        this.content = content;
    }

    /** Returns an empty store. */
    public static MemoryStore create() {
        return new MemoryStore(null, new byte[0]);
    }

    /**
     * Returns a store with content. It is hashed when the store is opened, and pieces that do not match are left out.
     *
     * @param content all bytes of the torrent, padding included; not copied, so it must not change
     * @throws IllegalArgumentException if the content has another length than the torrent
     */
    public static MemoryStore of(Torrent torrent, byte[] content) {
        if (content.length != torrent.length()) {
            throw new IllegalArgumentException("content must have " + torrent.length()
                    + " bytes, the length of the torrent, was " + content.length);
        }
        return new MemoryStore(torrent, content);
    }

    /**
     * Opens the store.
     *
     * @return the pieces of the content that match. Fails with {@link StoreException},
     *     {@link IllegalArgumentException} if the content is of another torrent, or {@link IllegalStateException} if
     *     the store is open
     */
    @Override
    public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
        return Mono.defer(() -> {
            Failures.requireHashes(torrent);
            if (owner != null && !owner.hashes().equals(torrent.hashes())) {
                return Mono.error(new IllegalArgumentException("torrent must be " + owner + ", was " + torrent));
            }
            Pieces pieces = new Pieces(torrent, new AtomicReferenceArray<>(torrent.pieceCount()));
            if (closed || !current.compareAndSet(null, pieces)) {
                return Mono.error(
                        closed ? Failures.closed() : new IllegalStateException("the store must not be open, was open"));
            }
            return owner == null
                    ? Mono.just(PieceSet.none(torrent.pieceCount()))
                    : Mono.fromCallable(() -> verified(pieces))
                            .subscribeOn(Schedulers.boundedElastic())
                            .doOnCancel(() -> current.compareAndSet(pieces, null));
        });
    }

    private PieceSet verified(Pieces pieces) {
        TorrentShape shape = pieces.torrent().shape();
        for (int piece = 0; piece < shape.pieceCount(); piece++) {
            ByteBuffer data = ByteBuffer.wrap(content, piece * shape.pieceLength(), shape.pieceLength(piece))
                    .slice();
            if (pieces.torrent().verify(piece, data)) {
                pieces.data().set(piece, data);
            }
        }
        return pieces.have();
    }

    /** Copies a piece. */
    @Override
    public Mono<Void> write(Piece piece) {
        return Mono.fromRunnable(() -> {
            Pieces pieces = opened();
            Failures.requireWhole(piece, pieces.torrent());
            pieces.data().set(piece.index(), ByteBuffer.wrap(ByteBufUtil.getBytes(piece.data())));
        });
    }

    /** Reads a range of bytes of one piece. Returns a copy on the heap, which needs no release. */
    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return Mono.fromCallable(() -> {
            Pieces pieces = opened();
            if (!pieces.torrent().shape().contains(request)) {
                throw Failures.outside(request, pieces.torrent());
            }
            ByteBuffer data = pieces.data().get(request.piece());
            if (data == null) {
                throw Failures.absent(request.piece());
            }
            return Unpooled.copiedBuffer(data.slice(request.offset(), request.length()));
        });
    }

    private Pieces opened() {
        Pieces pieces = current.get();
        if (closed) {
            throw Failures.closed();
        }
        if (pieces == null) {
            throw new IllegalStateException("the store must be open, was not");
        }
        return pieces;
    }

    /** Frees the pieces. */
    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            closed = true;
            current.set(null);
        });
    }
}
