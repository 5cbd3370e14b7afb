/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/**
 * Blocks from the disk for many wires. Reads 256 KiB at a time, because who asks for one block mostly asks for its
 * neighbours next, and keeps the last 32 MiB: then one change of threads and one system call serve sixteen requests, and
 * the event loop never waits for the disk.
 */
public final class ReadAhead implements BlockSource, AutoCloseable {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final int CHUNKS = 128;

    private final Storage storage;
    private final TorrentShape shape;
    private final Cache<BlockRequest, Chunk> chunks = Caffeine.newBuilder()
            .maximumSize(CHUNKS)
            .executor(Runnable::run)
            .<BlockRequest, Chunk>removalListener((range, chunk, cause) -> {
                if (chunk != null) {
                    chunk.forget();
                }
            })
            .build();

    /** Reads from a storage, which must stay open until nobody asks any more. */
    public ReadAhead(Storage storage) {
        this.storage = storage;
        this.shape = storage.shape();
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest block) {
        Chunk chunk = chunks.get(around(block), Chunk::new);
        ByteBuf there = chunk.loaded;
        try {
            return there == null ? chunk.load(block) : Mono.just(chunk.slice(there, block));
        } catch (IllegalReferenceCountException pushedOutMeanwhile) {
            return read(block);
        }
    }

    /** The chunk with the block; a block that lies in two is a chunk of its own. */
    private BlockRequest around(BlockRequest block) {
        int start = block.offset() / CHUNK_LENGTH * CHUNK_LENGTH;
        int length = Math.min(CHUNK_LENGTH, shape.pieceLength(block.piece()) - start);
        return block.offset() + block.length() <= start + length
                ? new BlockRequest(block.piece(), start, length)
                : block;
    }

    /** Gives the memory back; blocks that have been handed out stay. */
    @Override
    public void close() {
        chunks.invalidateAll();
    }

    /** A part of a piece, on its way or in memory. */
    private final class Chunk {
        private final int start;
        private final Mono<ByteBuf> loading;
        private volatile @Nullable ByteBuf loaded;

        Chunk(BlockRequest range) {
            start = range.offset();
            loading = storage.readDirect(range)
                    .doOnNext(bytes -> loaded = bytes)
                    .doOnError(error -> chunks.invalidate(range))
                    .cache();
        }

        Mono<ByteBuf> load(BlockRequest block) {
            return loading.map(bytes -> slice(bytes, block))
                    .onErrorResume(IllegalReferenceCountException.class, pushedOutMeanwhile -> read(block));
        }

        ByteBuf slice(ByteBuf bytes, BlockRequest block) {
            return bytes.retainedSlice(block.offset() - start, block.length());
        }

        /** Behind those who wait for it already. */
        void forget() {
            loading.onErrorComplete().subscribe(ByteBuf::release);
        }
    }
}
