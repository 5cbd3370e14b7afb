/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.metadata.Infos.encode;
import static org.peerwire.metadata.Infos.single;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a torrent file around its info dictionary. */
class TorrentEncodeTest {

    @Test
    void keepsTheInfoDictionaryByteForByteAlsoIfItIsNotCanonical() {
        byte[] info =
                ("d12:piece lengthi016384e6:lengthi5e6:pieces20:" + "x".repeat(20) + "4:name1:ae").getBytes(ISO_8859_1);
        byte[] file = ("d4:info" + new String(info, ISO_8859_1) + "8:url-list8:http://we").getBytes(ISO_8859_1);
        Torrent torrent = Torrent.parse(file);
        assertThat(torrent.info()).isEqualTo(info);
        assertThat(torrent.encode()).isEqualTo(file);
        Torrent other = torrent.withTrackers(List.of(List.of("http://t")));
        assertThat(other.info()).isEqualTo(info);
        assertThat(new String(other.encode(), ISO_8859_1))
                .startsWith("d8:announce8:http://t4:infod12:piece length")
                .endsWith("8:url-list8:http://we");
        assertThat(other.hashes()).isEqualTo(torrent.hashes());
        assertThat(other).isNotEqualTo(torrent).isEqualTo(Torrent.parse(other.encode()));
    }

    @Test
    void readsAndWritesTrackersInTiers() {
        Torrent torrent = Torrent.fromInfo(encode(single()));
        List<List<String>> tiers = List.of(List.of("a", "b"), List.of("c"));
        Torrent tracked = torrent.withTrackers(List.of(List.of("a", "b"), List.of(), List.of("c")));
        assertThat(Torrent.parse(tracked.encode()).trackers()).isEqualTo(tiers);
        assertThat(tracked.magnet().trackers()).isEqualTo(tiers);
        assertThat(new String(tracked.encode(), ISO_8859_1)).contains("8:announce1:a13:announce-listll1:a1:bel1:cee");
        assertThat(torrent.withTrackers(List.of(List.of("a"))).trackers()).containsExactly(List.of("a"));
        assertThat(tracked.withTrackers(List.of())).isEqualTo(torrent);
        assertThat(Torrent.parse(torrentFile("8:announce1:a13:announce-listll0:ei1elee"))
                        .trackers())
                .containsExactly(List.of("a"));
    }

    @Test
    void readsCommentAndDate() {
        Torrent torrent = Torrent.parse(torrentFile("7:comment2:hi13:creation datei1000000000e"));
        assertThat(torrent.comment()).contains("hi");
        assertThat(torrent.creationDate()).contains(Instant.ofEpochSecond(1_000_000_000));
        assertThat(Torrent.parse(torrentFile("13:creation datei9223372036854775807e"))
                        .creationDate())
                .isEmpty();
    }

    private static byte[] torrentFile(String entriesBeforeInfo) {
        String info = new String(encode(single()), ISO_8859_1);
        return ("d" + entriesBeforeInfo + "4:info" + info + "e").getBytes(ISO_8859_1);
    }

    @Test
    void isReadFromDisk(@TempDir Path folder) throws IOException {
        Torrent torrent = Torrent.fromInfo(encode(single()));
        Path path = Files.write(folder.resolve("a.torrent"), torrent.encode());
        assertThat(Torrent.read(path))
                .isEqualTo(torrent)
                .hasSameHashCodeAs(torrent)
                .hasToString(torrent.toString());
        assertThatThrownBy(() -> Torrent.read(folder.resolve("none"))).isInstanceOf(IOException.class);
    }
}
