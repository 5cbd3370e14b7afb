/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.all;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.end;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.folder;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;

/** Tests of disks as users have them: read-only, without space, with other files in the way. */
class FileStoreWorldTest {
    private static final int PIECE = 16 * 1024;

    @TempDir
    private Path temp;

    private final List<Path> overwritten = new ArrayList<>();

    private FileStore overwriting(Path folder) {
        return FileStore.in(folder).overwrite(true).onOverwrite(overwritten::add);
    }

    // ---- files of other data ----

    @Test
    void otherDataInTheWayIsRefusedUnlessItMayBeOverwritten() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 300_000));
        Path folder = Files.createDirectories(temp.resolve("copy"));
        Path other = folder.resolve("file.bin");
        for (int length : new int[] {5, 300_000}) {
            Files.write(other, new byte[length]);

            StoreException failure = assertFails(Reason.OCCUPIED, () -> open(FileStore.in(folder), torrent));
            assertThat(failure).hasMessageContaining(other + " exists and has no complete piece of the torrent");
            assertThat(failure.path()).isEqualTo(other);
            assertThat(other).hasSize(length);

            FileStore store = overwriting(folder);
            open(store, torrent);
            assertThat(overwritten).containsExactly(other);
            overwritten.clear();
            end(store.close());
            assertThat(other).as("no file that was created").hasSize(length);
        }
    }

    @Test
    void aLongerFileIsShortenedIfItMayBeOverwritten() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 40_000));
        Path other = file(temp.resolve("copy").resolve("file.bin"), 40_001);

        assertThat(assertFails(Reason.OCCUPIED, () -> open(FileStore.in(temp.resolve("copy")), torrent)))
                .hasMessageContaining("40001 bytes, longer than the 40000");
        assertThat(other).hasSize(40_001);
        open(overwriting(temp.resolve("copy")), torrent);

        assertThat(other).hasSize(40_000);
    }

    @Test
    void anEmptyFileOrAVerifiedPieceIsNoOtherData() throws IOException {
        Torrent torrent = torrent(file(temp.resolve("file.bin"), 300_000));
        Files.createDirectories(temp.resolve("copy"));
        Files.createFile(temp.resolve("copy").resolve("file.bin"));

        for (Path folder : List.of(temp.resolve("copy"), temp)) {
            open(overwriting(folder), torrent);
            open(FileStore.in(folder), torrent);
        }
        assertThat(overwritten).isEmpty();
    }

    @Test
    void aFolderInThePlaceOfAFileAndAFileInThePlaceOfAFolderAreRefused() throws IOException {
        Torrent torrent = torrent(PIECE, 1, entry(PIECE, "", "a", "b", "c"));
        Path c = Files.createDirectories(temp.resolve("x/things/a/b/c"));
        Path a = file(temp.resolve("y/things/a"), 5);

        assertThat(assertFails(Reason.OCCUPIED, () -> open(FileStore.in(temp.resolve("x")), torrent)))
                .hasMessageContaining(c + " exists and is not a file");
        assertThat(assertFails(Reason.OCCUPIED, () -> open(FileStore.in(temp.resolve("y")), torrent)))
                .hasMessageContaining(a + " exists and is not a folder");
        assertThat(a).hasSize(5);
    }

    @Test
    void aDownloadWithoutACompletePieceLeavesOnlyTheFilesThatWereThere() throws IOException {
        Torrent torrent = torrent(
                PIECE,
                2,
                entry(PIECE, "", "mine"),
                entry(PIECE - 1, "", "sub", "new"),
                entry(1, "", "other"),
                entry(0, "", "empty"));
        Path things = Files.createDirectories(temp.resolve("things"));
        Path mine = Files.createFile(things.resolve("mine"));
        FileStore store = FileStore.in(temp);
        open(store, torrent);
        assertThat(things.resolve("empty")).isEmptyFile();
        Files.createDirectory(things.resolve("other"));
        assertFails(Reason.OCCUPIED, () -> write(store, 1, new byte[PIECE]));
        assertThat(things.resolve("sub").resolve("new")).exists();
        Files.delete(things.resolve("other"));

        end(store.close());

        assertThat(things.toFile().list()).containsExactly("mine");
        assertThat(mine).isEmptyFile();
    }

    @Test
    void aDownloadWithACompletePieceKeepsItsFiles() {
        Torrent torrent = torrent(PIECE, 2, entry(PIECE, "", "a"), entry(PIECE, "", "b"), entry(0, "", "empty"));
        FileStore store = FileStore.in(temp);
        open(store, torrent);
        write(store, 1, new byte[PIECE]);
        end(store.close());

        assertThat(temp.resolve("things").toFile().list()).containsExactlyInAnyOrder("b", "empty");
    }

    // ---- places ----

    @Test
    void aLinkThatLeadsOutOfTheFolderIsRefused() throws IOException {
        Torrent torrent = torrent(folder(temp.resolve("source").resolve("things")));
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Path things = Files.createDirectories(temp.resolve("copy").resolve("things"));
        FileStore store = FileStore.in(temp.resolve("copy"));
        for (Path target : List.of(outside, outside.resolve("nothing"))) {
            Files.createSymbolicLink(things.resolve("b"), target);
            assertThat(assertFails(Reason.PATH, () -> open(store, torrent))).hasMessageContaining("leads out of");
            Files.delete(things.resolve("b"));
        }
        assertThat(outside).isEmptyDirectory();

        open(store, torrent);
        Files.delete(things.resolve("b").resolve("none.bin"));
        Files.delete(things.resolve("b"));
        Files.createSymbolicLink(things.resolve("b"), outside);
        assertFails(Reason.PATH, () -> write(store, 1, new byte[PIECE_LENGTH]));
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void unusualNamesAreStoredInsideTheFolder() {
        String name = "\u00e9".repeat(150) + ".flac";
        Torrent torrent = torrent(
                PIECE,
                1,
                entry(100, "", "..", "..", "etc", "x"),
                entry(100, "", name),
                entry(100, "", name),
                entry(9, "", "a/b"));
        FileStore store = FileStore.in(temp);
        open(store, torrent);
        write(store, 0, new byte[309]);
        end(store.close());

        assertThat(temp.resolve("things").resolve("etc").resolve("x")).hasSize(100);
        assertThat(temp.resolve("things").resolve("ab")).hasSize(9);
        assertThat(torrent.files())
                .allSatisfy(file -> assertThat(file.under(temp)).hasSize(file.length()));
    }

    @Test
    void thePathIsThatOfTheFileOrTheFolder() throws IOException {
        Torrent one = torrent(file(temp.resolve("file.bin"), 40_000));
        Torrent many = torrent(PIECE, 1, entry(100, "", "a", "b", "c"), entry(1, "", "d"));

        assertThat(FileStore.in(temp).path(one)).isEqualTo(temp.resolve("file.bin"));
        assertThat(FileStore.in(temp).path(many)).isEqualTo(temp.resolve("things"));
        assertThat(FileStore.in(Path.of("")).path(many)).isEqualTo(Path.of("things"));
        assertThat(FileStore.in(Path.of("a/../b")).path(many)).isEqualTo(Path.of("a/../b/things"));
        assertThat(FileStore.existing(temp).path(many)).isEqualTo(temp);
    }

    // ---- data that cannot be written ----

    @Test
    @EnabledOnOs(OS.LINUX)
    void completeDataIsVerifiedWithoutOpeningItForWriting() throws IOException {
        // the system refuses to write to a program that runs, also for root
        Path program = Files.copy(Path.of("/bin/sleep"), temp.resolve("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Torrent torrent = torrent(program);
        Process running = new ProcessBuilder(program.toString(), "60").start();
        try {
            FileStore store = FileStore.in(temp);
            assertThat(open(store, torrent)).isEqualTo(all(torrent));
            byte[] first = read(store, torrent, 0);
            assertThat(first).hasSize(torrent.shape().pieceLength(0));
            assertThat(assertFails(Reason.IO, () -> write(store, 0, first)))
                    .hasMessageContaining("cannot write " + program + ": Text file busy");
            assertFails(Reason.MISSING, () -> read(store, torrent, 0));
            end(store.close());
        } finally {
            running.destroy();
        }
    }

    @Test
    void aDownloadThatDoesNotFitOnTheDiskIsRefusedBeforeAnythingIsWritten() throws IOException {
        int pieces = 1 << 18;
        Torrent torrent = torrent(1 << 30, pieces, entry((long) pieces << 30, "", "huge"), entry(0, "", "empty"));
        Path folder = Files.createDirectories(temp.resolve("copy"));

        assertThat(assertFails(Reason.NO_SPACE, () -> open(FileStore.in(folder), torrent)))
                .hasMessageContaining("not enough space in " + folder + ": the download needs 268435456 MiB more")
                .hasMessageContaining("MiB are free");
        assertThat(folder).isEmptyDirectory();
    }

    // ---- unusual files ----

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProgramBecomesExecutable() throws IOException {
        Torrent torrent = torrent(
                PIECE,
                1,
                entry(100, "x", "run"),
                entry(100, "", "data"),
                entry(0, "x", "empty"),
                entry(0, "l", "link"));
        FileStore store = FileStore.in(temp);
        open(store, torrent);
        write(store, 0, new byte[200]);
        end(store.close());

        Path things = temp.resolve("things");
        assertThat(Files.getPosixFilePermissions(things.resolve("run"))).contains(PosixFilePermission.OWNER_EXECUTE);
        assertThat(things.resolve("empty")).isExecutable();
        assertThat(Files.getPosixFilePermissions(things.resolve("data")))
                .doesNotContain(PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
        assertThat(things.resolve("link")).isRegularFile().isEmptyFile();
    }

    @Test
    void aTorrentOfEmptyFilesIsCompleteAtOnce() {
        Torrent torrent = torrent(PIECE, 0, entry(0, "", "a"), entry(0, "", "sub", "b"));
        FileStore store = FileStore.in(temp);

        assertThat(open(store, torrent).cardinality()).isEqualTo(torrent.pieceCount());
        end(store.close());

        assertThat(temp.resolve("things").resolve("sub").resolve("b")).isEmptyFile();
    }
}
