/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.metadata.TorrentTest.tree;
import static org.peerwire.metadata.TorrentTest.v2;
import static org.peerwire.metadata.TorrentTest.v2File;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.bencode.BencodeValue;

/** A file tree in which a few long or deep folders are a part of very many paths. */
class FileTreeAttackTest {

    /** Returns the info dictionary with many empty files in nested folders. */
    private static byte[] info(int depth, String folder, int files) {
        Map<String, BencodeValue> inside = new HashMap<>();
        for (int i = 0; i < files; i++) {
            inside.put("f" + i, v2File(0));
        }
        inside.put("last", v2File(1));
        BencodeValue tree = tree(inside);
        for (int i = 0; i < depth; i++) {
            tree = tree(Map.of(folder, tree));
        }
        return Infos.encode(v2(tree));
    }

    @Test
    void filesOfAFolderShareItsName() {
        List<TorrentFile> files =
                Torrent.fromInfo(info(50, "x".repeat(250), 100)).files();

        List<String> first = files.get(0).path();
        assertThat(first).hasSize(52);
        for (TorrentFile file : files) {
            for (int i = 1; i < first.size() - 1; i++) {
                assertThat(file.path().get(i)).isSameAs(first.get(i));
            }
        }
    }

    @Test
    void pathsWithTooManyElementsAreRefused() {
        assertThat(Torrent.fromInfo(info(50, "x", 48_000)).files()).hasSize(48_001);
        assertThatThrownBy(() -> Torrent.fromInfo(info(50, "x", 49_000)))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining("at most 2500000 elements");
    }
}
