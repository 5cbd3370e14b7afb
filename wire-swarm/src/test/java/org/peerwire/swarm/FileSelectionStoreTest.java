/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.await;
import static org.peerwire.swarm.internal.store.StoreData.copy;
import static org.peerwire.swarm.internal.store.StoreData.end;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.existing;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;

/** Downloads of some files of a torrent. */
class FileSelectionStoreTest {
    private static final int PIECE = 16 * 1024;

    @TempDir
    private Path temp;

    /** Returns the wanted pieces of the files with these indices. */
    private static PieceSet wanted(Torrent torrent, String files) {
        return PieceSet.of(
                torrent.pieceCount(),
                PieceOrder.rarestFirst().files(FileSelection.parse(files)).wanted(torrent));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(temp.resolve("copy"))) {
            return all.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void onlyFilesWithBytesOfWantedPiecesAreCreated() throws IOException {
        Path source = temp.resolve("source").resolve("things");
        file(source.resolve("a"), 3 * PIECE + 5);
        file(source.resolve("b"), 2 * PIECE);
        file(source.resolve("c"), 3 * PIECE);
        file(source.resolve("d"), 0);
        file(source.resolve("e"), 2 * PIECE);
        Torrent torrent = torrent(source, PIECE);
        FileStore from = existing(torrent, source);
        FileStore store = FileStore.in(temp.resolve("copy"));
        PieceSet wanted = wanted(torrent, "1");
        assertThat(wanted).isEqualTo(PieceSet.of(11, 3, 4, 5));

        await(store.open(torrent, wanted));
        assertThat(names()).isEmpty();
        copy(torrent, from, store, 4);
        assertThat(names()).containsExactly("b");
        copy(torrent, from, store, 3, 5);
        assertThat(names()).containsExactly("a", "b", "c");
        end(store.close());

        assertThat(temp.resolve("copy/things/b")).hasSameBinaryContentAs(source.resolve("b"));
        assertThat(temp.resolve("copy/things/a")).hasSize(3 * PIECE + 5);
        assertThat(temp.resolve("copy/things/c")).hasSize(PIECE - 5);

        FileStore all = FileStore.in(temp.resolve("copy"));
        assertThat(open(all, torrent)).isEqualTo(wanted);
        assertThat(names()).containsExactly("a", "b", "c", "d");
        copy(torrent, from, all, 0, 1, 2, 6, 7, 8, 9, 10);
        end(all.close());
        for (String name : List.of("a", "b", "c", "d", "e")) {
            assertThat(temp.resolve("copy/things").resolve(name)).hasSameBinaryContentAs(source.resolve(name));
        }
    }

    @Test
    void onlyTheWantedPiecesNeedSpace() throws IOException {
        int pieces = 1 << 18;
        Torrent torrent =
                torrent(1 << 30, pieces, entry((long) (pieces - 1) << 30, "", "huge"), entry(100, "", "small"));
        Path folder = temp.resolve("copy");
        assertFails(Reason.NO_SPACE, () -> await(FileStore.in(folder).open(torrent, wanted(torrent, "0"))));
        FileStore store = FileStore.in(folder);

        await(store.open(torrent, wanted(torrent, "1")));
        write(store, pieces - 1, new byte[100]);

        assertThat(names()).containsExactly("small");
        end(store.close());
    }

    @Test
    void otherDataInThePlaceOfAFileThatIsNotWantedIsRefusedOnlyAtAWrite() throws IOException {
        Torrent torrent = torrent(PIECE, 2, entry(PIECE + 1, "", "a"), entry(PIECE - 1, "", "b"));
        Path other = file(temp.resolve("copy/things/b"), PIECE);
        FileStore store = FileStore.in(temp.resolve("copy"));

        await(store.open(torrent, PieceSet.of(2, 0)));
        write(store, 0, new byte[PIECE]);
        assertThat(assertFails(Reason.OCCUPIED, () -> write(store, 1, new byte[PIECE])))
                .hasMessageContaining(other + " has " + PIECE + " bytes, longer than the " + (PIECE - 1));

        assertThat(other).hasSize(PIECE);
        assertThat(read(store, torrent, 0)).hasSize(PIECE);
        assertFails(Reason.MISSING, () -> read(store, torrent, 1));
        end(store.close());
        assertThat(names()).as("a half-written file of a kept download").containsExactly("a", "b");
    }
}
