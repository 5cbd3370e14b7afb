/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.store.StoreData.entry;
import static org.peerwire.swarm.internal.store.StoreData.torrent;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.PathRules;
import org.peerwire.metadata.Torrent;

class FileLayoutTest {
    private static final int PIECE = 16 * 1024;

    @TempDir
    private Path temp;

    @Test
    void namesThatDifferInCaseAreStoredApartWhereTheFileSystemFoldsCase() {
        Torrent torrent = torrent(PIECE, 1, entry(100, "", "readme"), entry(100, "", "README"));

        FileLayout folding = FileLayout.under(temp, torrent, PathRules.CASE_FOLDING);

        assertThat(folding.all())
                .extracting(file -> file.path().getFileName().toString())
                .containsExactly("readme", "README.1");
        assertThat(Volumes.rules(temp.resolve("no").resolve("such"), torrent)).isNotNull();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aRangeIsTheSumOfItsPartsWithoutEmptyFiles() {
        Torrent torrent = torrent(
                PIECE,
                2,
                entry(0, "", "a"),
                entry(10, "", "b"),
                entry(0, "", "c"),
                entry(PIECE - 15, "p", "d"),
                entry(PIECE - 5, "", "e"));
        FileLayout layout = FileLayout.under(temp, torrent, PathRules.CASE_SENSITIVE);

        assertThat(layout.parts(0)).extracting(FileLayout.Part::index).containsExactly(1, 3, 4);
        assertThat(layout.parts(0)).extracting(FileLayout.Part::length).containsExactly(10, PIECE - 15, 5);
        assertThat(layout.parts(1))
                .containsExactly(new FileLayout.Part(4, layout.all().get(4), 5, PIECE - 10));
        assertThat(layout.parts(9, 2)).extracting(FileLayout.Part::from).containsExactly(9L, 0L);
    }
}
