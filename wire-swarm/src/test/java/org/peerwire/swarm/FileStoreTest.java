/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.all;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.await;
import static org.peerwire.swarm.internal.store.StoreData.copy;
import static org.peerwire.swarm.internal.store.StoreData.damage;
import static org.peerwire.swarm.internal.store.StoreData.end;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.existing;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.folder;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.version2;
import static org.peerwire.swarm.internal.store.StoreData.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class FileStoreTest {
    @TempDir
    private Path temp;

    private static int[] pieces(Torrent torrent) {
        return IntStream.range(0, torrent.pieceCount()).toArray();
    }

    @Test
    void piecesThatSpanFilesAreReadAndWritten() throws IOException {
        Path source = folder(temp.resolve("source").resolve("things"));
        Torrent torrent = torrent(source);
        FileStore from = existing(torrent, source);
        FileStore to = FileStore.in(temp.resolve("copy"));

        assertThat(open(to, torrent)).isEqualTo(PieceSet.none(torrent.pieceCount()));
        copy(torrent, from, to, pieces(torrent));

        for (int piece : pieces(torrent)) {
            assertThat(torrent.verify(piece, ByteBuffer.wrap(read(to, torrent, piece))))
                    .isTrue();
        }
        end(from.close());
        end(to.close());
        for (String name : List.of("a.bin", "b/long.bin", "b/none.bin", "c.bin", "d.bin")) {
            assertThat(temp.resolve("copy").resolve("things").resolve(name))
                    .hasSameBinaryContentAs(source.resolve(name));
        }
        assertThat(open(FileStore.in(temp.resolve("copy")), torrent)).isEqualTo(all(torrent));
    }

    @Test
    void piecesOnDiskAreFoundAgain() throws IOException {
        Path source = file(temp.resolve("file.bin"), 5 * PIECE_LENGTH + 7);
        Torrent torrent = torrent(source);
        FileStore first = FileStore.in(temp.resolve("copy"));
        open(first, torrent);
        copy(torrent, existing(torrent, source), first, 1, 4);
        end(first.close());

        FileStore second = FileStore.in(temp.resolve("copy"));

        assertThat(open(second, torrent)).isEqualTo(PieceSet.of(6, 1, 4));
        assertThat(read(second, torrent, 4)).isEqualTo(read(existing(torrent, source), torrent, 4));
        assertThat(assertFails(Reason.MISSING, () -> read(second, torrent, 0)))
                .hasMessage("piece 0 is not in the store");
        end(second.close());
    }

    @Test
    void openingAnEmptyFolderCreatesNoFiles() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 100_000));
        FileStore store = FileStore.in(temp.resolve("copy"));

        assertThat(open(store, torrent).cardinality()).isZero();

        assertThat(temp.resolve("copy").resolve("file.bin")).doesNotExist();
        end(store.close());
        assertThat(temp.resolve("copy")).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileTakesNoMoreSpaceThanItHas() throws IOException {
        int pieces = 64;
        Path source = file(temp.resolve("file.bin"), pieces * PIECE_LENGTH);
        Torrent torrent = torrent(source);
        FileStore store = FileStore.in(temp.resolve("copy"));
        open(store, torrent);

        copy(torrent, existing(torrent, source), store, pieces - 1);

        Path copy = temp.resolve("copy").resolve("file.bin");
        assertThat(Files.size(copy)).isEqualTo(torrent.length());
        assertThat(bytesOnDisk(copy)).isLessThan(torrent.length() / 4);
        end(store.close());
    }

    private static long bytesOnDisk(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "--format=%b", file.toString()).start();
        try (InputStream out = stat.getInputStream()) {
            return 512 * Long.parseLong(new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }

    @Test
    void aDamagedPieceIsNotThere() throws IOException {
        Path source = file(temp.resolve("file.bin"), 3 * PIECE_LENGTH);
        Torrent torrent = torrent(source);
        damage(source, PIECE_LENGTH + 5);

        FileStore store = FileStore.existing(source);

        assertThat(open(store, torrent)).isEqualTo(PieceSet.of(3, 0, 2));
        assertFails(Reason.MISSING, () -> read(store, torrent, 1));
    }

    @Test
    void dataIsFoundByItsPathOrItsFolder() throws IOException {
        Path file = file(temp.resolve("one").resolve("file.bin"), 40_000);
        Path folder = folder(temp.resolve("many").resolve("things"));
        Path nested = folder(temp.resolve("nested").resolve("things"));
        file(nested.resolve("things").resolve("x.bin"), 70_000);

        for (Path data : List.of(file, folder, nested)) {
            Torrent torrent = torrent(data);
            assertThat(open(FileStore.existing(data), torrent)).isEqualTo(all(torrent));
            assertThat(open(FileStore.existing(data.getParent()), torrent)).isEqualTo(all(torrent));
        }
    }

    @Test
    void dataThatIsNotThereIsAFailure() throws IOException {
        Torrent torrent = torrent(folder(temp.resolve("source").resolve("things")));
        Path empty = Files.createDirectories(temp.resolve("empty"));

        assertThat(assertFails(Reason.MISSING, () -> open(FileStore.existing(temp.resolve("no")), torrent)))
                .hasMessage("no such file: " + temp.resolve("no"));
        assertThat(assertFails(Reason.MISSING, () -> open(FileStore.existing(empty), torrent)))
                .hasMessage("no file of the torrent is in " + empty);
    }

    @Test
    void existingDataIsNeverWrittenTo() throws IOException {
        Path source = file(temp.resolve("file.bin"), 40_000);
        Torrent torrent = torrent(source);
        FileStore store = existing(torrent, source);

        assertFails(Reason.DENIED, () -> write(store, 0, new byte[PIECE_LENGTH]));

        assertThat(open(FileStore.existing(source), torrent)).isEqualTo(all(torrent));
    }

    @Test
    void theDiskIsNeverTouchedOnTheCallersThread() throws IOException {
        Path source = file(temp.resolve("file.bin"), 40_000);
        Torrent torrent = torrent(source);
        FileStore store = FileStore.in(temp);
        String opening = await(store.open(torrent, all(torrent))
                .map(have -> Thread.currentThread().getName()));
        assertThat(opening).contains("boundedElastic");

        StepVerifier.create(store.read(new BlockRequest(0, 0, 100)).map(data -> Schedulers.isInNonBlockingThread()))
                .expectNext(false)
                .verifyComplete();
        String reading = await(store.read(new BlockRequest(0, 0, 100))
                .map(data -> Thread.currentThread().getName()));
        assertThat(reading).contains("boundedElastic");
        end(store.close());
    }

    @Test
    void aReadNeedsNoRelease() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 40_000));
        FileStore store = FileStore.in(temp);
        open(store, torrent);

        ByteBuf data = await(store.read(new BlockRequest(0, 7, 100)));

        assertThat(data.hasArray()).isTrue();
        assertThat(data.readableBytes()).isEqualTo(100);
        end(store.close());
    }

    @Test
    void aRangeOrPieceOutsideOfTheTorrentIsRefused() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 40_000));
        FileStore store = FileStore.in(temp);
        open(store, torrent);

        for (BlockRequest request :
                List.of(new BlockRequest(2, 0, 1), new BlockRequest(1, 7_000, 233), new BlockRequest(0, 0, 1 << 20))) {
            StepVerifier.create(store.read(request)).verifyError(IllegalArgumentException.class);
        }
        StepVerifier.create(store.write(new Piece(1, Unpooled.wrappedBuffer(new byte[7_231]))))
                .verifyError(IllegalArgumentException.class);
        StepVerifier.create(store.write(new Piece(2, Unpooled.wrappedBuffer(new byte[7_232]))))
                .verifyError(IllegalArgumentException.class);
        assertThat(torrent.verify(1, ByteBuffer.wrap(read(store, torrent, 1)))).isTrue();
        end(store.close());
    }

    @Test
    void aTorrentWithoutPieceHashesIsUnsupported() {
        Torrent torrent = version2();

        assertFails(Reason.UNSUPPORTED, () -> await(FileStore.in(temp).open(torrent, PieceSet.all(1))));
        assertFails(Reason.UNSUPPORTED, () -> await(FileStore.existing(temp).open(torrent, PieceSet.all(1))));
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void paddingIsNeitherWrittenNorRead() {
        Torrent torrent =
                torrent(PIECE_LENGTH, 2, entry(100, "", "a"), entry(PIECE_LENGTH - 100, "p", "pad"), entry(9, "", "b"));
        FileStore store = FileStore.in(temp);
        open(store, torrent);
        byte[] ones = new byte[PIECE_LENGTH];
        Arrays.fill(ones, (byte) 1);

        write(store, 0, ones);

        assertThat(temp.resolve("things")).isDirectoryNotContaining("glob:**pad*");
        byte[] expected = new byte[PIECE_LENGTH];
        Arrays.fill(expected, 0, 100, (byte) 1);
        assertThat(read(store, torrent, 0)).isEqualTo(expected);
        end(store.close());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void twoThousandFilesNeedFewHandles() throws IOException {
        BencodeValue[] files = IntStream.range(0, 2_000)
                .mapToObj(i -> entry(100, "", "d" + i % 10, "f" + i))
                .toArray(BencodeValue[]::new);
        Torrent torrent = torrent(PIECE_LENGTH, 7, files);
        FileStore store = FileStore.in(temp);
        open(store, torrent);

        for (int piece : pieces(torrent)) {
            write(store, piece, new byte[torrent.shape().pieceLength(piece)]);
        }

        assertThat(read(store, torrent, 3)).hasSize(PIECE_LENGTH);
        assertThat(handles()).isZero();
        assertThat(temp.resolve("things").resolve("d9").resolve("f1999")).hasSize(100);
        end(store.close());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theFilesOfAClosedStoreAreClosed() throws IOException {
        Path source = folder(temp.resolve("source").resolve("things"));
        Torrent torrent = torrent(source);
        FileStore store = FileStore.in(temp.resolve("copy"));
        open(store, torrent);
        FileStore from = existing(torrent, source);
        copy(torrent, from, store, pieces(torrent));
        assertThat(handles()).isPositive();

        end(store.close());
        end(from.close());

        assertThat(handles()).isZero();
    }

    /** Returns the number of open files below the folder of the test. */
    private long handles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::isHere).count();
        }
    }

    private boolean isHere(Path handle) {
        try {
            return Files.readSymbolicLink(handle).startsWith(temp.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile, or no file
        }
    }
}
