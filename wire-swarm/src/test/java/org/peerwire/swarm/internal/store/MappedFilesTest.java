/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.bytes;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.StoreException.Reason;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class MappedFilesTest {
    private static final int PIECE_LENGTH = 1024 * 1024;
    private static final int CHUNK_LENGTH = 256 * 1024;

    @TempDir
    private Path temp;

    private Path file;
    private byte[] content;
    private Torrent torrent;
    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        file = StoreData.file(temp.resolve("file.bin"), 3 * PIECE_LENGTH + 100_000);
        content = Files.readAllBytes(file);
        torrent = StoreData.torrent(file, PIECE_LENGTH);
        store = StoreData.existing(torrent, file);
    }

    private byte[] read(int piece, int offset, int length) {
        return bytes(StoreData.await(store.read(new BlockRequest(piece, offset, length))));
    }

    private byte[] expected(int piece, int offset, int length) {
        int at = piece * PIECE_LENGTH + offset;
        return Arrays.copyOfRange(content, at, at + length);
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private static void assertFails(Reason reason, Mono<ByteBuf> read) {
        StepVerifier.create(read).verifyErrorSatisfies(error -> assertThat(((StoreException) error).reason())
                .isEqualTo(reason));
    }

    @Test
    void blocksEqualTheBytesOfTheFile() {
        assertThat(read(0, 0, 16_384)).isEqualTo(expected(0, 0, 16_384));
        assertThat(read(2, 999_999, 10_000)).isEqualTo(expected(2, 999_999, 10_000));
        assertThat(read(1, CHUNK_LENGTH - 1, 2)).as("in two chunks").isEqualTo(expected(1, CHUNK_LENGTH - 1, 2));
        assertThat(read(3, 99_999, 1)).as("the last byte").isEqualTo(expected(3, 99_999, 1));
        assertThat(read(1, 0, PIECE_LENGTH)).as("a whole piece").isEqualTo(expected(1, 0, PIECE_LENGTH));
    }

    @Test
    void theNeighboursOfABlockAreAvailableAtOnce() {
        read(1, 0, 16_384);

        Mono<ByteBuf> neighbour = store.read(new BlockRequest(1, CHUNK_LENGTH - 16_384, 16_384));

        assertThat(neighbour).as("a wire serves it without a subscription").isInstanceOf(Fuseable.ScalarCallable.class);
        assertThat(bytes(StoreData.await(neighbour))).isEqualTo(expected(1, CHUNK_LENGTH - 16_384, 16_384));
    }

    @Test
    void aCancelledReadDoesNotDisturbThoseWhoWaitForTheSameBytes() {
        for (int i = 0; i < 200; i++) {
            store.read(new BlockRequest(1, 0, 16_384))
                    .subscribe(ByteBuf::release)
                    .dispose();
        }
        assertThat(read(1, 16_384, 100)).isEqualTo(expected(1, 16_384, 100));
    }

    @Test
    void manyConcurrentReadersGetTheirBlocks() {
        long right = StoreData.await(Flux.range(0, 3 * PIECE_LENGTH / 65_536)
                .repeat(3)
                .flatMap(n -> store.read(new BlockRequest(n / 16, n % 16 * 65_536, 65_536))
                        .map(block -> Arrays.equals(bytes(block), expected(n / 16, n % 16 * 65_536, 65_536))))
                .filter(equal -> equal)
                .count());
        assertThat(right).isEqualTo(4 * 3 * PIECE_LENGTH / 65_536);
    }

    @Test
    void aTruncatedFileFailsTheRead() throws IOException {
        read(0, 0, 100);
        truncate(file, 2 * PIECE_LENGTH);

        assertFails(Reason.IO, store.read(new BlockRequest(2, 0, 100)));
        assertFails(Reason.IO, store.read(new BlockRequest(2, CHUNK_LENGTH - 1, 2)));
    }

    @Test
    void aFailureIsNotRemembered() throws IOException {
        Path away = file.resolveSibling("away");
        Files.move(file, away);
        assertFails(Reason.MISSING, store.read(new BlockRequest(0, 0, 100)));

        Files.move(away, file);

        assertThat(read(0, 0, 100)).isEqualTo(expected(0, 0, 100));
    }

    @Test
    void onlySoManyChunksAreRemembered() {
        FileLayout layout = FileLayout.existing(torrent, file);
        MappedFiles files = new MappedFiles(layout, new DiskTasks(() -> true), block -> Mono.empty(), 4);

        for (int i = 0; i < 12; i++) {
            BlockRequest block = new BlockRequest(i / 4, i % 4 * CHUNK_LENGTH, 100);
            assertThat(bytes(StoreData.await(files.read(block)))).isEqualTo(expected(i / 4, i % 4 * CHUNK_LENGTH, 100));
            assertThat(files.chunks()).isBetween(1, 4);
        }
        assertThat(files.chunks()).isEqualTo(4);
    }

    @Test
    void aChunkIsBelievedToBeInMemoryForTenSeconds() throws IOException {
        VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
        try {
            FileLayout layout = FileLayout.existing(torrent, file);
            MappedFiles files = new MappedFiles(layout, new DiskTasks(() -> true), block -> Mono.empty(), 4);
            BlockRequest block = new BlockRequest(2, 0, 100);
            files.read(block).subscribe();
            clock.advanceTimeBy(Duration.ofMillis(9_999));
            truncate(file, PIECE_LENGTH);

            assertThat(files.read(block)).isInstanceOf(Fuseable.ScalarCallable.class);
            clock.advanceTimeBy(Duration.ofMillis(1));
            StepVerifier later = StepVerifier.create(files.read(block))
                    .expectError(StoreException.class)
                    .verifyLater();
            clock.advanceTime();
            later.verify();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }
}
