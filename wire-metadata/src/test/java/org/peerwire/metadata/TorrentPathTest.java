/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.metadata.Infos.encode;
import static org.peerwire.metadata.Infos.file;
import static org.peerwire.metadata.Infos.multi;
import static org.peerwire.metadata.TorrentTest.assertRefused;
import static org.peerwire.metadata.TorrentTest.tree;
import static org.peerwire.metadata.TorrentTest.v2;
import static org.peerwire.metadata.TorrentTest.v2File;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.bencode.BencodeValue;

/** Tests of paths in a torrent, where files must not overwrite each other. */
class TorrentPathTest {

    @Test
    void refusesTwoFilesAtOnePlace() {
        assertRefused(
                multi(file(9_000, "a", "b"), file(1_000, "c"), file(10_000, "a", "b")),
                "two files have the path folder/a/b");
        assertRefused(multi(file(10_000, "a\nb"), file(10_000, "a\nb")), "two files have the path folder/a?b");
    }

    @Test
    void refusesAFileWhereAFolderIs() {
        assertRefused(
                multi(file(9_000, "a"), file(1_000, "a-"), file(10_000, "a", "b")), "a folder have the path folder/a");
        assertRefused(multi(file(9_000, "a", "b", "c"), file(11_000, "a", "b")), "a folder have the path folder/a/b");
        Map<String, BencodeValue> both = new HashMap<>(v2File(20_000).entries());
        both.put("b", v2File(5));
        assertRefused(v2(tree(Map.of("a", tree(both), "c", v2File(5)))), "a folder have the path folder/a");
    }

    @Test
    void acceptsPaddingAtOnePlaceAndNamesThatBeginAlike() {
        Map<String, BencodeValue> padding =
                new HashMap<>(file(4_000, ".pad", "4000").entries());
        padding.put("attr", BencodeValue.of("p"));
        BencodeValue pad = BencodeValue.dictionary(padding);
        Map<String, BencodeValue> info =
                multi(file(3_000, "a"), pad, file(3_000, "a b"), pad, file(3_000, "b", "a"), file(3_000, "b", "A"));
        assertThat(Torrent.fromInfo(encode(info)).files()).hasSize(6);
    }
}
