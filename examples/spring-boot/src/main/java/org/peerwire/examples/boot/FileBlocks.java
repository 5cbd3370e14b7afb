/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The blocks of a torrent with one file. */
final class FileBlocks implements BlockSource {
    private final Path file;
    private final int pieceLength;

    FileBlocks(Path file, int pieceLength) {
        this.file = file;
        this.pieceLength = pieceLength;
    }

    /** Reads on a thread that may block. */
    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return Mono.fromCallable(() -> readNow(request)).subscribeOn(Schedulers.boundedElastic());
    }

    private ByteBuf readNow(BlockRequest request) throws IOException {
        byte[] bytes = new byte[request.length()];
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek((long) request.piece() * pieceLength + request.offset());
            open.readFully(bytes);
        }
        return Unpooled.wrappedBuffer(bytes);
    }
}
