/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.write;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;

/**
 * Tests with a disk of 1 MiB, mounted for a JVM of its own in a private mount namespace. Skipped where the system does
 * not allow that.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    @TempDir
    private Path temp;

    @Test
    void aWriteToAFullDiskFailsAndItsPieceIsNotThereUntilThereIsSpace() throws Exception {
        assertThat(run("size=1m", "full"))
                .containsExactly(
                        "NO_SPACE cannot write " + temp.resolve("things").resolve("b")
                                + ": No space left on device; the verified pieces are kept, start again to continue",
                        "kept 0: true",
                        "MISSING piece 1 is not in the store",
                        "with space: true");
    }

    @Test
    void aFolderThatCannotBeWrittenIsFoundBeforeAPieceIsDownloaded() throws Exception {
        assertThat(run("ro", "file"))
                .containsExactly("DENIED cannot write " + temp.resolve("file.bin") + ": access denied");
        assertThat(run("ro", "folder")).containsExactly("DENIED " + temp.resolve("things") + ": Read-only file system");
        assertThat(run("size=8k", "folder"))
                .containsExactly("NO_SPACE not enough space in " + temp
                        + ": the download needs 1 MiB more, 1 MiB are free; nothing was written");
    }

    /** Runs the main method below with a disk in the place of the folder. */
    private List<String> run(String options, String task) throws IOException, InterruptedException {
        for (String namespace : List.of("-m", "-rm")) {
            List<String> mount = List.of("unshare", namespace, "mount", "-t", "tmpfs", "none", temp.toString());
            if (new ProcessBuilder(mount).start().waitFor() == 0) {
                return run(List.of("unshare", namespace), options, task);
            }
        }
        assumeTrue(false, "the system allows no private mounts");
        return List.of();
    }

    private List<String> run(List<String> unshare, String options, String task)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(unshare);
        command.addAll(List.of("sh", "-c", "mount -t tmpfs -o " + options + " none \"$0\" && exec \"$@\""));
        command.addAll(List.of(
                temp.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(FullDiskTest.class.getName(), temp.toString(), task));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.lines().toList();
    }

    /** Prints what a store does in a folder on a small disk. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Torrent torrent = args[1].equals("file")
                ? torrent(file(Files.createTempDirectory("torrent").resolve("file.bin"), 9))
                : torrent(PIECE_LENGTH, 2, entry(PIECE_LENGTH + 9_000, "", "a"), entry(23_768, "", "b"));
        FileStore store = FileStore.in(folder);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (attempt(out, () -> open(store, torrent)) && args[1].equals("full")) {
            write(store, 0, new byte[PIECE_LENGTH]);
            Path filler = folder.resolve("filler");
            fill(folder, filler);
            attempt(out, () -> write(store, 1, new byte[PIECE_LENGTH]));
            out.println("kept 0: " + (read(store, torrent, 0).length == PIECE_LENGTH));
            attempt(out, () -> read(store, torrent, 1));
            Files.delete(filler);
            write(store, 1, new byte[PIECE_LENGTH]);
            out.println("with space: " + (read(store, torrent, 1).length == PIECE_LENGTH));
        }
        System.exit(0);
    }

    /** Fills the disk but for the rest of the first file: the write of the second piece fails in the second file. */
    private static void fill(Path folder, Path filler) throws IOException {
        byte[] page = new byte[4096];
        long left = Files.getFileStore(folder).getUsableSpace() - 3 * page.length;
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (; left > 0; left -= page.length) {
                out.write(page);
            }
        }
    }

    private static boolean attempt(PrintStream out, Runnable task) {
        try {
            task.run();
            return true;
        } catch (StoreException e) {
            out.println(e.reason() + " " + e.getMessage());
            return false;
        }
    }
}
