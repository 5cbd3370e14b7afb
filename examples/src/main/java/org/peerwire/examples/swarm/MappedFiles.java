/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;

/**
 * A source of blocks for many wires, out of complete files that do not change. A block is a slice of a file that is
 * mapped into memory, so the socket takes it without a copy in the heap.
 *
 * <p>Pages that are not in memory are loaded on a thread that may block, 256 KiB at a time. A peer that requests one
 * block mostly requests its neighbours next.
 *
 * <p>The garbage collector ends a mapping. Until then some systems do not delete the file.
 */
public final class MappedFiles implements BlockSource {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final long MAPPING_LENGTH = 4096L * CHUNK_LENGTH;

    /** The time after which a chunk is asked again whether it is still in memory. */
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    private final Storage storage;
    private final Map<Place, MappedByteBuffer> mappings = new ConcurrentHashMap<>();
    private final Cache<Place, Chunk> chunks =
            Caffeine.newBuilder().maximumSize(4096).expireAfterWrite(BELIEVED).build();

    /** The mapping or chunk with this number, counted from the start of a file. */
    private record Place(StoredFile file, long number) {}

    /** Creates a source that maps each file of a storage on its first request. */
    public MappedFiles(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest block) {
        long at = storage.position(block.piece(), block.offset());
        StoredFile file = storage.files().fileAt(at);
        long from = at - file.offset();
        long last = from + block.length() - 1;
        if (file.padding() || last >= file.length() || from / CHUNK_LENGTH != last / CHUNK_LENGTH) {
            return storage.read(block); // crosses a file or a chunk
        }
        Chunk chunk = chunks.get(new Place(file, from / CHUNK_LENGTH), Chunk::new);
        int offset = (int) (from % CHUNK_LENGTH);
        ByteBuf there = chunk.bytes;
        return there != null
                ? Mono.just(there.retainedSlice(offset, block.length()))
                : chunk.loading.map(bytes -> bytes.retainedSlice(offset, block.length()));
    }

    private static MappedByteBuffer map(Place mapping) throws IOException {
        StoredFile file = mapping.file();
        long from = mapping.number() * MAPPING_LENGTH;
        long length = Math.min(MAPPING_LENGTH, file.length() - from);
        try (FileChannel channel = FileChannel.open(file.path())) {
            return channel.map(MapMode.READ_ONLY, from, length);
        }
    }

    /** A part of a mapping, loaded or being loaded. */
    private final class Chunk {
        private final Place place;
        private final Place mapping;
        final Mono<ByteBuf> loading;
        volatile @Nullable ByteBuf bytes;

        Chunk(Place place) {
            this.place = place;
            this.mapping = new Place(place.file(), place.number() * CHUNK_LENGTH / MAPPING_LENGTH);
            this.loading = Storage.offLoop(this::load)
                    .doOnNext(loaded -> bytes = loaded)
                    .doOnError(error -> chunks.invalidate(place))
                    .cache();
            MappedByteBuffer mapped = mappings.get(mapping);
            if (mapped != null && partOf(mapped).isLoaded()) {
                bytes = Unpooled.wrappedBuffer(partOf(mapped));
            }
        }

        private ByteBuf load() throws IOException {
            StoredFile file = place.file();
            if (Files.size(file.path()) < file.length()) {
                throw new EOFException(
                        file.path() + " must have " + file.length() + " bytes, was " + Files.size(file.path()));
            }
            MappedByteBuffer mapped = mappings.get(mapping);
            if (mapped == null) {
                mapped = map(mapping);
                mappings.putIfAbsent(mapping, mapped);
            }
            return Unpooled.wrappedBuffer(partOf(mapped).load());
        }

        private MappedByteBuffer partOf(MappedByteBuffer mapped) {
            int from = (int) (place.number() * CHUNK_LENGTH % MAPPING_LENGTH);
            return mapped.slice(from, Math.min(CHUNK_LENGTH, mapped.capacity() - from));
        }
    }
}
