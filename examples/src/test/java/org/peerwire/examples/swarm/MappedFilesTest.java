/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MappedFilesTest {
    private static final int PIECE_LENGTH = 1024 * 1024;
    private static final int CHUNK_LENGTH = 256 * 1024;

    @TempDir
    private Path temp;

    private Path file;
    private byte[] content;
    private MappedFiles files;

    @BeforeEach
    void open() throws IOException {
        file = TestData.file(temp.resolve("file.bin"), 3 * PIECE_LENGTH + 100_000);
        content = Files.readAllBytes(file);
        files = new MappedFiles(Storage.reading(
                Torrent.create(
                        file, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build()),
                file));
    }

    private byte[] read(int piece, int offset, int length) {
        ByteBuf block = files.read(new BlockRequest(piece, offset, length)).block();
        byte[] bytes = ByteBufUtil.getBytes(block);
        block.release();
        return bytes;
    }

    private byte[] expected(int piece, int offset, int length) {
        int at = piece * PIECE_LENGTH + offset;
        return Arrays.copyOfRange(content, at, at + length);
    }

    @Test
    void blocksEqualTheBytesOfTheFile() {
        assertThat(read(0, 0, 16_384)).isEqualTo(expected(0, 0, 16_384));
        assertThat(read(2, 999_999, 10_000)).isEqualTo(expected(2, 999_999, 10_000));
        assertThat(read(1, CHUNK_LENGTH - 1, 2))
                .as("a block in two chunks")
                .isEqualTo(expected(1, CHUNK_LENGTH - 1, 2));
        assertThat(read(3, 99_999, 1)).as("the last byte").isEqualTo(expected(3, 99_999, 1));
    }

    @Test
    void theNeighboursOfABlockAreAvailableAtOnce() {
        read(1, 0, 16_384);

        Mono<ByteBuf> neighbour = files.read(new BlockRequest(1, CHUNK_LENGTH - 16_384, 16_384));

        assertThat(neighbour).as("a wire serves it without a subscription").isInstanceOf(Fuseable.ScalarCallable.class);
        assertThat(read(1, 16_384, 16_384)).isEqualTo(expected(1, 16_384, 16_384));
        neighbour.map(ByteBuf::release).block();
    }

    @Test
    void aCancelledReadDoesNotDisturbThoseWhoWaitForTheSameBytes() {
        for (int i = 0; i < 200; i++) {
            files.read(new BlockRequest(1, 0, 16_384))
                    .subscribe(ByteBuf::release)
                    .dispose();
        }
        assertThat(read(1, 16_384, 100)).isEqualTo(expected(1, 16_384, 100));
    }

    @Test
    void manyConcurrentReadersGetTheirBlocks() {
        long right = Flux.range(0, 3 * PIECE_LENGTH / 65_536)
                .repeat(3)
                .flatMap(n -> files.read(new BlockRequest(n / 16, n % 16 * 65_536, 65_536))
                        .map(block -> {
                            byte[] bytes = ByteBufUtil.getBytes(block);
                            block.release();
                            return Arrays.equals(bytes, expected(n / 16, n % 16 * 65_536, 65_536));
                        }))
                .filter(equal -> equal)
                .count()
                .block();
        assertThat(right).isEqualTo(4 * 3 * PIECE_LENGTH / 65_536);
    }

    @Test
    void aTruncatedFileFailsTheRead() throws IOException {
        read(0, 0, 100);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(2 * PIECE_LENGTH);
        }

        StepVerifier.create(files.read(new BlockRequest(2, 0, 100)))
                .verifyErrorSatisfies(e -> assertThat(e).hasMessageContaining("bytes, was"));
    }

    @Test
    void aFailureIsNotCached() throws IOException {
        Path away = file.resolveSibling("away");
        Files.move(file, away);
        StepVerifier.create(files.read(new BlockRequest(0, 0, 100))).verifyError(NoSuchFileException.class);

        Files.move(away, file);

        assertThat(read(0, 0, 100)).isEqualTo(expected(0, 0, 100));
    }
}
