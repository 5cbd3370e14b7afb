/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.peerwire.Block;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The files of a torrent as a place for single blocks, without any verification. {@link org.peerwire.swarm.FileStore}
 * verifies, resumes, and protects other data.
 */
final class BlockFiles {
    private final Torrent torrent;
    private final Path folder;

    BlockFiles(Torrent torrent, Path folder) {
        this.torrent = torrent;
        this.folder = folder;
    }

    /** Creates the folders and files. */
    Mono<Void> prepare() {
        return Mono.fromCallable(() -> {
                    for (TorrentFile file : torrent.contentFiles()) {
                        Path path = file.under(folder);
                        Files.createDirectories(path.toAbsolutePath().getParent());
                        if (!Files.exists(path)) {
                            Files.createFile(path);
                        }
                    }
                    return true;
                })
                .subscribeOn(Schedulers.boundedElastic())
                .then();
    }

    /** Writes one block, which may be in several files. Does not release it. */
    Mono<Void> write(Block block) {
        return Mono.fromCallable(() -> {
                    write(
                            (long) block.piece() * torrent.pieceLength() + block.offset(),
                            block.data().nioBuffer());
                    return true;
                })
                .subscribeOn(Schedulers.boundedElastic())
                .then();
    }

    private void write(long start, ByteBuffer bytes) throws IOException {
        long end = start + bytes.remaining();
        for (TorrentFile file : torrent.contentFiles()) {
            long from = Math.max(start, file.offset());
            long to = Math.min(end, file.offset() + file.length());
            if (from < to) {
                ByteBuffer part = bytes.slice((int) (from - start), (int) (to - from));
                try (FileChannel channel = FileChannel.open(file.under(folder), StandardOpenOption.WRITE)) {
                    for (long at = from - file.offset(); part.hasRemaining(); ) {
                        at += channel.write(part, at);
                    }
                }
            }
        }
    }
}
