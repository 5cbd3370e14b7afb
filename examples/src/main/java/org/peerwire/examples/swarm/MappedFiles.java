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
 * Blocks of files that are whole and stay as they are, for many wires: slices of the files mapped into memory, which the
 * socket takes without a copy of ours. What the system does not have in memory is read ahead where blocking is allowed,
 * 256 KiB at a time, because who asks for one block mostly asks for its neighbours next.
 *
 * <p>A mapping ends when the garbage collector finds it. Until then some systems will not let the file be deleted.
 */
public final class MappedFiles implements BlockSource {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final long MAPPING_LENGTH = 4096L * CHUNK_LENGTH;

    /** How long what was in memory is believed to be there still, if the system has not been asked again. */
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    private final Storage storage;
    private final Map<Place, MappedByteBuffer> mappings = new ConcurrentHashMap<>();
    private final Cache<Place, Chunk> chunks =
            Caffeine.newBuilder().maximumSize(4096).expireAfterWrite(BELIEVED).build();

    /** So many mappings or chunks from the beginning of a file. */
    private record Place(StoredFile file, long number) {}

    /** Maps the files of a storage when they are first asked for. */
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
            return storage.read(block); // not in one place
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

    /** A part of a mapping, in memory or on its way there. */
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
                throw new EOFException(file.path() + " is shorter than the torrent says");
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
