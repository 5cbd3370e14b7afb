/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class StorageTest {
    @TempDir
    private Path temp;

    private static Flux<BlockRequest> blocks(TorrentShape shape) {
        return Flux.range(0, shape.pieceCount()).concatMapIterable(piece -> blocksOf(shape, piece));
    }

    private static List<BlockRequest> blocksOf(TorrentShape shape, int piece) {
        int length = shape.pieceLength(piece);
        return IntStream.iterate(0, offset -> offset < length, offset -> offset + BlockRequest.BLOCK_LENGTH)
                .mapToObj(
                        offset -> new BlockRequest(piece, offset, Math.min(BlockRequest.BLOCK_LENGTH, length - offset)))
                .toList();
    }

    private static void copy(Storage from, Storage to, Flux<BlockRequest> blocks) {
        blocks.concatMap(request -> from.read(request).flatMap(data -> to.write(new Block(request, data))))
                .blockLast();
    }

    private static BitSet all(Torrent torrent) {
        BitSet all = new BitSet();
        all.set(0, torrent.pieceCount());
        return all;
    }

    @Test
    void blocksThatSpanFilesAreReadAndWritten() throws IOException {
        Path source = TestData.folder(temp.resolve("source").resolve("things"));
        Torrent torrent = TestData.torrent(source);
        Storage from = Storage.reading(torrent, source);
        Storage to = Storage.writing(torrent, temp.resolve("copy"));

        to.prepare().block();
        copy(from, to, blocks(torrent.shape()));

        assertThat(to.verifyAll().block()).isEqualTo(all(torrent));
        for (String name : List.of("a.bin", "b/long.bin", "b/none.bin", "c.bin", "d.bin")) {
            assertThat(temp.resolve("copy").resolve("things").resolve(name))
                    .hasSameBinaryContentAs(source.resolve(name));
        }
        from.close().then(to.close()).block();
    }

    @Test
    void piecesOnDiskAreFoundAgain() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 5 * TestData.PIECE_LENGTH + 7);
        Torrent torrent = TestData.torrent(source);
        Storage from = Storage.reading(torrent, source);
        Storage first = Storage.writing(torrent, temp.resolve("copy"));
        first.prepare().block();
        copy(from, first, Flux.just(1, 4).concatMapIterable(piece -> blocksOf(torrent.shape(), piece)));
        first.close().block();

        Storage second = Storage.writing(torrent, temp.resolve("copy"));
        second.prepare().block();

        BitSet expected = new BitSet();
        expected.set(1);
        expected.set(4);
        assertThat(second.verifyAll().block()).isEqualTo(expected);
    }

    @Test
    void verifyingAnEmptyFolderCreatesNoFiles() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 100_000));
        Storage storage = Storage.writing(torrent, temp.resolve("copy"));

        storage.prepare().block();

        assertThat(storage.verifyAll().block()).isEqualTo(new BitSet());
        assertThat(temp.resolve("copy").resolve("file.bin")).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileTakesNoMoreSpaceThanItHas() throws IOException {
        int pieces = 64;
        Path source = TestData.file(temp.resolve("file.bin"), pieces * TestData.PIECE_LENGTH);
        Torrent torrent = TestData.torrent(source);
        Storage from = Storage.reading(torrent, source);
        Storage to = Storage.writing(torrent, temp.resolve("copy"));

        to.prepare().block();
        copy(from, to, Flux.fromIterable(blocksOf(torrent.shape(), pieces - 1)));

        Path copy = temp.resolve("copy").resolve("file.bin");
        assertThat(Files.size(copy)).isEqualTo(torrent.length());
        assertThat(bytesOnDisk(copy)).isLessThan(torrent.length() / 4);
    }

    private static long bytesOnDisk(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "--format=%b", file.toString()).start();
        try (InputStream out = stat.getInputStream()) {
            return 512 * Long.parseLong(new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }

    @Test
    void aDamagedPieceIsNotVerified() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 3 * TestData.PIECE_LENGTH);
        Torrent torrent = TestData.torrent(source);
        byte[] bytes = Files.readAllBytes(source);
        bytes[TestData.PIECE_LENGTH + 5] ^= 1;
        Files.write(source, bytes);

        BitSet right = Storage.reading(torrent, source).verifyAll().block();

        assertThat(right).isEqualTo(BitSet.valueOf(new long[] {0b101}));
    }

    @Test
    void dataIsFoundByItsPathOrItsFolder() throws IOException {
        Path file = TestData.file(temp.resolve("one").resolve("file.bin"), 40_000);
        Path folder = TestData.folder(temp.resolve("many").resolve("things"));
        Torrent one = TestData.torrent(file);
        Torrent many = TestData.torrent(folder);

        assertThat(Storage.reading(one, file).verifyAll().block()).isEqualTo(all(one));
        assertThat(Storage.reading(one, temp.resolve("one")).verifyAll().block())
                .isEqualTo(all(one));
        assertThat(Storage.reading(many, folder).verifyAll().block()).isEqualTo(all(many));
        assertThat(Storage.reading(many, temp.resolve("many")).verifyAll().block())
                .isEqualTo(all(many));
    }

    @Test
    void aLinkThatLeadsOutOfTheFolderIsRefused() throws IOException {
        Torrent torrent =
                TestData.torrent(TestData.folder(temp.resolve("source").resolve("things")));
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Path folder = Files.createDirectories(temp.resolve("copy").resolve("things"));
        Files.createSymbolicLink(folder.resolve("b"), outside);

        assertThatThrownBy(() ->
                        Storage.writing(torrent, temp.resolve("copy")).prepare().block())
                .hasMessageContaining("leads out of");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void anExistingLongerFileIsNotTouched() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 40_000));
        Path inTheWay = TestData.file(temp.resolve("copy").resolve("file.bin"), 40_001);

        assertThatThrownBy(() ->
                        Storage.writing(torrent, temp.resolve("copy")).prepare().block())
                .hasMessageContaining("longer");
        assertThat(inTheWay).hasSize(40_001);
    }

    @Test
    void theDiskIsNeverTouchedOnTheCallersThread() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 40_000);
        Storage storage = Storage.reading(TestData.torrent(source), source);

        StepVerifier.create(storage.read(new BlockRequest(0, 0, 100)).map(data -> Schedulers.isInNonBlockingThread()))
                .expectNext(false)
                .verifyComplete();
        assertThat(storage.read(new BlockRequest(0, 0, 100))
                        .map(data -> Thread.currentThread().getName())
                        .block())
                .contains("boundedElastic");
    }

    @Test
    void manyBlocksAreWrittenInTheirOrderOnOneOtherThread() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 400_000);
        Torrent torrent = TestData.torrent(source);
        Storage from = Storage.reading(torrent, source);
        Storage to = Storage.writing(torrent, temp.resolve("copy"));
        to.prepare().block();
        List<Block> read = blocks(torrent.shape())
                .concatMap(request -> from.read(request).map(data -> new Block(request, data)))
                .collectList()
                .block();

        StepVerifier.create(to.write(Flux.fromIterable(read), 4)
                        .doOnNext(written ->
                                assertThat(Thread.currentThread().getName()).contains("boundedElastic")))
                .expectNextSequence(read.stream().map(Block::request).toList())
                .verifyComplete();
        assertThat(temp.resolve("copy").resolve("file.bin")).hasSameBinaryContentAs(source);
    }

    @Test
    void aFailedWriteFailsTheBlocks() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 40_000);
        Storage readOnly = Storage.reading(TestData.torrent(source), source);
        Flux<Block> blocks = readOnly.read(new BlockRequest(0, 0, 100))
                .map(data -> new Block(new BlockRequest(0, 0, 100), data))
                .flux();

        StepVerifier.create(readOnly.write(blocks, 4)).verifyError(NonWritableChannelException.class);
    }

    @Test
    void aCancelledReadDoesNotDisturbTheOthers() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 400_000);
        Storage storage = Storage.reading(
                Torrent.create(
                        source, TorrentOptions.builder().pieceLength(16 * 1024).build()),
                source);
        BlockRequest block = new BlockRequest(3, 0, 16 * 1024);

        Flux.range(0, 200)
                .doOnNext(i -> storage.read(block).subscribe().dispose())
                .blockLast();

        StepVerifier.create(storage.read(block).map(ByteBuf::readableBytes))
                .expectNext(16 * 1024)
                .verifyComplete();
    }

    @Test
    void aFolderThatContainsAFolderOfItsNameIsFound() throws IOException {
        Path source = TestData.folder(temp.resolve("things"));
        TestData.file(source.resolve("things").resolve("x.bin"), 70_000);
        Torrent torrent = TestData.torrent(source);

        for (Path data : List.of(source, temp)) {
            assertThat(Storage.reading(torrent, data).verifyAll().block())
                    .satisfies(have -> assertThat(have.cardinality()).isEqualTo(torrent.pieceCount()));
        }
    }

    @Test
    void aClosedStorageOpensNoFile() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 3 * TestData.PIECE_LENGTH);
        Torrent torrent = TestData.torrent(source);
        Storage storage = Storage.reading(torrent, source);
        storage.close().block();

        assertThatThrownBy(() -> storage.read(new BlockRequest(0, 0, 100)).block())
                .hasMessageContaining("closed");
    }
}
