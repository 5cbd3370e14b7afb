/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.PathRules;
import org.peerwire.metadata.Torrent;

/** Tests of disks as users have them: full, read-only, with other files in the way. */
class StorageWorldTest {
    private static final int PIECE = 16 * 1024;

    @TempDir
    private Path temp;

    /** Returns the entry of a file in a torrent. */
    private static BencodeValue file(long length, String attributes, String... path) {
        List<BencodeValue> names = new ArrayList<>();
        List.of(path).forEach(name -> names.add(BencodeValue.of(name)));
        return BencodeValue.dictionary(Map.of(
                "attr",
                BencodeValue.of(attributes),
                "length",
                BencodeValue.of(length),
                "path",
                BencodeValue.list(names)));
    }

    private static Torrent torrent(int pieceLength, int pieces, BencodeValue... files) {
        return Torrent.fromInfo(BencodeValue.dictionary(Map.of(
                        "files", BencodeValue.list(List.of(files)),
                        "name", BencodeValue.of("things"),
                        "piece length", BencodeValue.of(pieceLength),
                        "pieces", BencodeValue.of(new byte[20 * pieces])))
                .encoded());
    }

    private static void write(Storage storage, int piece, int length) {
        BlockRequest request = new BlockRequest(piece, 0, length);
        storage.write(new Block(request, Unpooled.wrappedBuffer(new byte[length])))
                .block();
    }

    // ---- files of other data ----

    @Test
    void otherDataInTheWayIsRefusedUnlessItMayBeOverwritten() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 300_000));
        Path other = temp.resolve("copy").resolve("file.bin");
        Files.createDirectories(other.getParent());
        for (int length : new int[] {5, 300_000}) {
            Files.write(other, new byte[length]);
            Storage storage = Storage.writing(torrent, temp.resolve("copy"));
            storage.prepare().block();
            BitSet have = storage.verifyAll().block();
            assertThatThrownBy(() -> storage.overwritten(have).block())
                    .hasMessageContaining(other + " exists and has no complete piece of the torrent")
                    .hasMessageContaining("--overwrite");
            assertThat(other).hasSize(length);

            Storage overwriting = Storage.writing(torrent, temp.resolve("copy"), true);
            overwriting.prepare().block();
            assertThat(overwriting.overwritten(overwriting.verifyAll().block()).block())
                    .isEqualTo(other);
        }
    }

    @Test
    void aLongerFileIsShortenedIfItMayBeOverwritten() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 40_000));
        Path other = TestData.file(temp.resolve("copy").resolve("file.bin"), 40_001);

        assertThatThrownBy(() ->
                        Storage.writing(torrent, temp.resolve("copy")).prepare().block())
                .hasMessageContaining("40001 bytes, longer than the 40000")
                .hasMessageContaining("--overwrite");
        Storage.writing(torrent, temp.resolve("copy"), true).prepare().block();

        assertThat(other).hasSize(40_000);
    }

    @Test
    void anEmptyFileOrAVerifiedPieceIsNoOtherData() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 300_000);
        Torrent torrent = TestData.torrent(source);
        Files.createDirectories(temp.resolve("copy"));
        Files.createFile(temp.resolve("copy").resolve("file.bin"));
        for (Path folder : List.of(temp.resolve("copy"), temp)) {
            Storage storage = Storage.writing(torrent, folder);
            storage.prepare().block();
            assertThat(storage.overwritten(storage.verifyAll().block()).block()).isNull();
        }
    }

    @Test
    void aDownloadWithoutACompletePieceLeavesOnlyTheFilesThatWereThere() throws IOException {
        Torrent torrent = torrent(PIECE, 2, file(PIECE, "", "mine"), file(PIECE, "", "new"), file(0, "", "empty"));
        Path mine =
                Files.createFile(Files.createDirectories(temp.resolve("things")).resolve("mine"));
        Storage storage = Storage.writing(torrent, temp);
        storage.prepare().block();
        write(storage, 1, 100);
        storage.close().then(storage.discard()).block();

        assertThat(mine).exists();
        assertThat(temp.resolve("things").resolve("new")).doesNotExist();
        assertThat(temp.resolve("things").resolve("empty")).doesNotExist();
    }

    // ---- data that cannot be written ----

    @Test
    @EnabledOnOs(OS.LINUX)
    void completeDataIsVerifiedWithoutOpeningItForWriting() throws IOException {
        // the system refuses to write to a program that runs, also for root
        Path program = Files.copy(Path.of("/bin/sleep"), temp.resolve("program"));
        OpenFiles.makeExecutable(program);
        Torrent torrent = TestData.torrent(program);
        Process running = new ProcessBuilder(program.toString(), "60").start();
        try {
            Storage storage = Storage.writing(torrent, temp);
            storage.prepare().block();
            assertThat(storage.verifyAll().block().cardinality()).isEqualTo(torrent.pieceCount());
            assertThat(storage.read(new BlockRequest(0, 0, 100)).block().readableBytes())
                    .isEqualTo(100);
            assertThatThrownBy(() -> write(storage, 0, 100)).hasMessageContaining("program");
            storage.close().block();
        } finally {
            running.destroy();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskNamesTheFileAndSaysThatPiecesAreKept() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 40_000));
        Path folder = Files.createDirectories(temp.resolve("copy"));
        Files.createSymbolicLink(folder.resolve("file.bin"), Path.of("/dev/full"));
        Storage storage = Storage.writing(torrent, folder);

        assertThatThrownBy(() -> write(storage, 0, 100))
                .hasMessageContaining("cannot write " + folder.resolve("file.bin") + ": No space left on device")
                .hasMessageContaining("verified pieces are kept");
        Files.delete(folder.resolve("file.bin"));
    }

    @Test
    void aDownloadThatDoesNotFitOnTheDiskIsRefusedBeforeAnythingIsWritten() throws IOException {
        int pieces = 1 << 18;
        Torrent torrent = torrent(1 << 30, pieces, file((long) pieces << 30, "", "huge"), file(0, "", "empty"));
        Path folder = Files.createDirectories(temp.resolve("copy"));

        assertThatThrownBy(() -> Storage.writing(torrent, folder).prepare().block())
                .hasMessageContaining("not enough space in " + folder + ": the download needs 268435456 MiB more")
                .hasMessageContaining("MiB are free");
        assertThat(folder).isEmptyDirectory();
    }

    // ---- unusual files ----

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProgramBecomesExecutable() throws IOException {
        Torrent torrent = torrent(
                PIECE, 1, file(100, "x", "run"), file(100, "", "data"), file(0, "x", "empty"), file(0, "l", "link"));
        Storage storage = Storage.writing(torrent, temp);
        storage.prepare().block();
        write(storage, 0, 200);
        storage.close().block();

        Path things = temp.resolve("things");
        assertThat(Files.getPosixFilePermissions(things.resolve("run"))).contains(PosixFilePermission.OWNER_EXECUTE);
        assertThat(things.resolve("empty")).isExecutable();
        assertThat(Files.getPosixFilePermissions(things.resolve("data")))
                .doesNotContain(PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
        assertThat(things.resolve("link")).isRegularFile().isEmptyFile();
    }

    @Test
    void unusualNamesAreStoredInsideTheFolder() {
        String name = "\u00e9".repeat(150) + ".flac";
        Torrent torrent = torrent(
                PIECE,
                1,
                file(100, "", "..", "..", "etc", "x"),
                file(100, "", name),
                file(100, "", name),
                file(9, "", "a/b"));
        Storage storage = Storage.writing(torrent, temp);
        storage.prepare().block();
        write(storage, 0, 309);
        storage.close().block();

        assertThat(temp.resolve("things").resolve("etc").resolve("x")).hasSize(100);
        assertThat(temp.resolve("things").resolve("ab")).hasSize(9);
        assertThat(torrent.files()).allMatch(file -> file.length() == Volumes.size(file.under(temp)));
    }

    @Test
    void aTorrentOfEmptyFilesIsCompleteAtOnce() {
        Torrent torrent = torrent(PIECE, 0, file(0, "", "a"), file(0, "", "sub", "b"));
        Storage storage = Storage.writing(torrent, temp);

        storage.prepare().block();

        assertThat(storage.verifyAll().block().cardinality()).isEqualTo(torrent.pieceCount());
        assertThat(temp.resolve("things").resolve("sub").resolve("b")).isEmptyFile();
    }

    @Test
    void namesThatDifferInCaseAreStoredApartWhereTheFileSystemFoldsCase() {
        Torrent torrent = torrent(PIECE, 1, file(100, "", "readme"), file(100, "", "README"));

        FileLayout folding = FileLayout.under(temp, torrent, PathRules.CASE_FOLDING);

        assertThat(folding.all())
                .extracting(file -> file.path().getFileName().toString())
                .containsExactly("readme", "README.1");
        assertThat(Volumes.rules(temp.resolve("no").resolve("such"), torrent)).isNotNull();
        assertThat(temp).isEmptyDirectory();
    }
}
