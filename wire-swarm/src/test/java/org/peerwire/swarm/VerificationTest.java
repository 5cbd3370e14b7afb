/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.await;
import static org.peerwire.swarm.internal.store.StoreData.damage;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.folder;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.version2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;
import org.peerwire.swarm.Verification.Flaw;
import org.peerwire.swarm.Verification.FlawedFile;
import org.peerwire.swarm.Verification.Result;

class VerificationTest {
    @TempDir
    private Path temp;

    private static Result verify(Torrent torrent, Path data) {
        return await(Verification.run(torrent, data, checked -> {}));
    }

    @Test
    void completeDataIsVerifiedByItsPathOrItsFolder() throws IOException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);

        for (Path data : List.of(folder, temp)) {
            Result result = verify(torrent, data);
            assertThat(result.isComplete()).isTrue();
            assertThat(result.total()).isEqualTo(8);
            assertThat(result.good().cardinality()).isEqualTo(8);
            assertThat(result.goodBytes()).isEqualTo(260_002);
            assertThat(result.files()).isEmpty();
        }
    }

    @Test
    void badPiecesAreLeftOutAndTheirFileIsNamed() throws IOException {
        Path file = file(temp.resolve("file.bin"), 20 * PIECE_LENGTH);
        Torrent torrent = torrent(file);
        damage(file, 3 * PIECE_LENGTH + 5);
        damage(file, 17 * PIECE_LENGTH);
        damage(file, 19 * PIECE_LENGTH - 1);

        Result result = verify(torrent, file);

        BitSet bad = (BitSet) result.good().clone();
        bad.flip(0, result.total());
        assertThat(bad).hasToString("{3, 17, 18}");
        assertThat(result.isComplete()).isFalse();
        assertThat(result.goodBytes()).isEqualTo(17 * PIECE_LENGTH);
        assertThat(result.files()).containsExactly(new FlawedFile(file, Flaw.BAD));
    }

    @Test
    void flawedFilesAreNamedWithTheirFlaw() throws IOException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);
        Files.write(folder.resolve("a.bin"), new byte[1], StandardOpenOption.APPEND);
        Files.write(folder.resolve("b").resolve("long.bin"), new byte[5]);
        Files.delete(folder.resolve("b").resolve("none.bin"));
        Files.delete(folder.resolve("c.bin"));
        damage(folder.resolve("d.bin"), 50_000);

        Result result = verify(torrent, folder);

        assertThat(result.files())
                .containsExactly(
                        new FlawedFile(folder.resolve("a.bin"), Flaw.LONG),
                        new FlawedFile(folder.resolve("b/long.bin"), Flaw.SHORT),
                        new FlawedFile(folder.resolve("b/none.bin"), Flaw.MISSING),
                        new FlawedFile(folder.resolve("c.bin"), Flaw.MISSING),
                        new FlawedFile(folder.resolve("d.bin"), Flaw.BAD));
        assertThat(result.good().cardinality()).isZero();
        assertThat(result.goodBytes()).isZero();
    }

    @Test
    void filesThatShareABadPieceAreNotBlamedAlone() throws IOException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);
        damage(folder.resolve("a.bin"), 0);

        Result result = verify(torrent, folder);

        assertThat(result.files())
                .containsExactly(
                        new FlawedFile(folder.resolve("a.bin"), Flaw.SUSPECT),
                        new FlawedFile(folder.resolve("b/long.bin"), Flaw.SUSPECT));
        assertThat(result.good().cardinality()).isEqualTo(7);
    }

    @Test
    void aMissingEmptyFileIsNotCompleteButALongerFileIs() throws IOException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);
        Files.write(folder.resolve("d.bin"), new byte[1], StandardOpenOption.APPEND);

        Result longer = verify(torrent, folder);
        assertThat(longer.isComplete()).isTrue();
        assertThat(longer.files()).containsExactly(new FlawedFile(folder.resolve("d.bin"), Flaw.LONG));

        Files.delete(folder.resolve("b").resolve("none.bin"));
        Result missing = verify(torrent, folder);
        assertThat(missing.isComplete()).isFalse();
        assertThat(missing.good().cardinality()).isEqualTo(8);
    }

    @Test
    void paddingIsNotCounted() throws IOException {
        Path data = temp.resolve("things");
        int piece = 512 * 1024;
        byte[] content = new byte[piece + 9];
        System.arraycopy(Files.readAllBytes(file(data.resolve("a"), 300_000)), 0, content, 0, 300_000);
        System.arraycopy(Files.readAllBytes(file(data.resolve("b"), 9)), 0, content, piece, 9);
        Torrent torrent =
                torrent(piece, content, entry(300_000, "", "a"), entry(piece - 300_000, "p", "pad"), entry(9, "", "b"));

        Result result = verify(torrent, data);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.goodBytes()).isEqualTo(300_009);
        damage(data.resolve("a"), 0);
        assertThat(verify(torrent, data).files()).containsExactly(new FlawedFile(data.resolve("a"), Flaw.BAD));
    }

    @Test
    void theProgressCountsEachPiece() throws IOException {
        Path file = file(temp.resolve("file.bin"), 20 * PIECE_LENGTH);
        List<Integer> progress = new ArrayList<>();

        await(Verification.run(torrent(file), file, progress::add));

        assertThat(progress)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void dataThatIsNotThereIsAFailure() throws IOException {
        Torrent torrent = torrent(folder(temp.resolve("things")));
        Path empty = Files.createDirectories(temp.resolve("empty"));
        Path other = file(temp.resolve("other"), 5);

        assertThat(assertFails(Reason.MISSING, () -> verify(torrent, temp.resolve("no"))))
                .hasMessage("no such file: " + temp.resolve("no"));
        for (Path data : List.of(empty, other)) {
            assertThat(assertFails(Reason.MISSING, () -> verify(torrent, data)))
                    .hasMessage("no file of the torrent is in " + data);
        }
        assertThat(empty).isEmptyDirectory();
        assertFails(Reason.UNSUPPORTED, () -> verify(version2(), temp));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeInThePlaceOfAFileIsNotOpened() throws IOException, InterruptedException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);
        Path pipe = folder.resolve("d.bin");
        Files.delete(pipe);
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

        Result result = verify(torrent, folder);

        assertThat(result.files()).containsExactly(new FlawedFile(pipe, Flaw.OTHER));
        assertThat(result.good().cardinality()).isEqualTo(6);
        assertFails(Reason.OCCUPIED, () -> open(FileStore.in(temp), torrent));
        assertThat(open(FileStore.existing(temp), torrent).cardinality()).isEqualTo(6);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aReadOnlyFolderIsVerifiedAndLeftAsItIs() throws IOException {
        Path folder = folder(temp.resolve("things"));
        Torrent torrent = torrent(folder);
        Files.delete(folder.resolve("c.bin"));
        Object before = state(folder);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                boolean isFolder = Files.isDirectory(path);
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(isFolder ? "r-xr-xr-x" : "r--r--r--"));
            }
        }
        try {
            Result result = verify(torrent, folder);
            assertThat(result.good().cardinality()).isEqualTo(7);
            assertThat(state(folder)).isEqualTo(before);
        } finally {
            for (Path path : List.of(folder, folder.resolve("b"))) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** Returns the times and the contents of all files and folders. */
    private static Map<Path, Object> state(Path folder) throws IOException {
        Map<Path, Object> state = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                int content = Files.isDirectory(path) ? 0 : Arrays.hashCode(Files.readAllBytes(path));
                state.put(path, Files.getLastModifiedTime(path) + " " + content);
            }
        }
        return state;
    }
}
