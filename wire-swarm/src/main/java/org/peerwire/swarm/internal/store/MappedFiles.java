/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A source of blocks for many wires, out of complete files that do not change. A block is a slice of a file that is
 * mapped into memory, so the socket takes it without a copy in the heap.
 *
 * <p>Pages that are not in memory are loaded on a thread that may block, 256 KiB at a time. A peer that requests one
 * block mostly requests its neighbours next.
 *
 * <p>The garbage collector ends a mapping. Until then some systems do not delete the file.
 */
final class MappedFiles implements BlockSource {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final long MAPPING_LENGTH = 4096L * CHUNK_LENGTH;

    /** The limits of both maps, which are emptied when they are full. A system limits its mappings too. */
    static final int MAX_CHUNKS = 4096;

    private static final int MAX_MAPPINGS = 1024;

    /** The time in milliseconds after which a chunk is asked again whether it is still in memory. */
    private static final long BELIEVED = 10_000;

    private final FileLayout layout;
    private final DiskTasks tasks;
    private final BlockSource others;
    private final int maxChunks;
    private final Map<Place, MappedByteBuffer> mappings = new ConcurrentHashMap<>();
    private final Map<Place, Chunk> chunks = new ConcurrentHashMap<>();

    /** The mapping or chunk with this number, counted from the start of a file. */
    private record Place(StoredFile file, long number) {}

    /**
     * Creates a source that maps each file on its first request.
     *
     * @param others the source of blocks that cross a file or a chunk
     * @param maxChunks the number of chunks that are remembered
     */
    MappedFiles(FileLayout layout, DiskTasks tasks, BlockSource others, int maxChunks) {
        this.maxChunks = maxChunks;
        this.layout = layout;
        this.tasks = tasks;
        this.others = others;
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest block) {
        long at = layout.position(block.piece(), block.offset());
        StoredFile file = layout.all().get(layout.indexAt(at));
        long from = at - file.offset();
        long last = from + block.length() - 1;
        if (file.padding() || last >= file.length() || from / CHUNK_LENGTH != last / CHUNK_LENGTH) {
            return others.read(block);
        }
        Chunk chunk = chunk(new Place(file, from / CHUNK_LENGTH));
        int offset = (int) (from % CHUNK_LENGTH);
        ByteBuf there = chunk.bytes;
        return there != null
                ? Mono.just(there.retainedSlice(offset, block.length()))
                : chunk.loading.map(bytes -> bytes.retainedSlice(offset, block.length()));
    }

    /** Forgets the mappings. */
    void clear() {
        chunks.clear();
        mappings.clear();
    }

    /** Returns the number of chunks that are believed to be in memory, or are being loaded. */
    int chunks() {
        return chunks.size();
    }

    private Chunk chunk(Place place) {
        long now = Schedulers.boundedElastic().now(TimeUnit.MILLISECONDS);
        Chunk known = chunks.get(place);
        if (known != null && Math.abs(now - known.since) < BELIEVED) {
            return known;
        }
        if (known == null && chunks.size() >= maxChunks) {
            chunks.clear();
        }
        Chunk chunk = new Chunk(place, now);
        chunks.put(place, chunk);
        return chunk;
    }

    private MappedByteBuffer mapping(Place mapping) throws IOException {
        MappedByteBuffer known = mappings.get(mapping);
        if (known != null) {
            return known;
        }
        if (mappings.size() >= MAX_MAPPINGS) {
            clear();
        }
        StoredFile file = mapping.file();
        long from = mapping.number() * MAPPING_LENGTH;
        long length = Math.min(MAPPING_LENGTH, file.length() - from);
        try (FileChannel channel = FileChannel.open(file.path())) {
            MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, from, length);
            mappings.put(mapping, mapped);
            return mapped;
        }
    }

    /** A part of a mapping, loaded or being loaded. */
    private final class Chunk {
        private final Place place;
        private final Place mapping;
        final long since;
        final Mono<ByteBuf> loading;
        volatile @Nullable ByteBuf bytes;

        Chunk(Place place, long since) {
            this.place = place;
            this.since = since;
            this.mapping = new Place(place.file(), place.number() * CHUNK_LENGTH / MAPPING_LENGTH);
            this.loading = tasks.run(this::load)
                    .doOnNext(loaded -> bytes = loaded)
                    .doOnError(error -> chunks.remove(place, this))
                    .cache();
            MappedByteBuffer mapped = mappings.get(mapping);
            if (mapped != null && partOf(mapped).isLoaded()) {
                bytes = Unpooled.wrappedBuffer(partOf(mapped));
            }
        }

        private ByteBuf load() throws IOException {
            StoredFile file = place.file();
            try {
                long size = Files.size(file.path());
                if (size < file.length()) {
                    throw new EOFException("the file must have " + file.length() + " bytes, was " + size);
                }
                return Unpooled.wrappedBuffer(partOf(mapping(mapping)).load());
            } catch (IOException e) {
                throw Failures.reading(file.path(), e);
            } catch (InternalError e) { // the disk failed to bring a page, or the file was truncated meanwhile
                throw Failures.reading(file.path(), new IOException("the disk failed to read a page", e));
            }
        }

        private MappedByteBuffer partOf(MappedByteBuffer mapped) {
            int from = (int) (place.number() * CHUNK_LENGTH % MAPPING_LENGTH);
            return mapped.slice(from, Math.min(CHUNK_LENGTH, mapped.capacity() - from));
        }
    }
}
