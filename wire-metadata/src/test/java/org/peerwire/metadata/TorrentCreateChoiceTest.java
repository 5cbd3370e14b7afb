/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.LeftOut.Reason;

/** Tests of the files that a new torrent has, and of those that it leaves out. */
class TorrentCreateChoiceTest {
    @TempDir
    private Path temp;

    private Path start;
    private final List<LeftOut> leftOut = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        start = Files.createDirectory(temp.resolve("start"));
        for (String name : List.of("a.txt", "b.tmp", "sub/a.txt", "sub/c.tmp", "sub/deep/d.txt")) {
            write(start, name);
        }
    }

    private static void write(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
    }

    private List<String> create(Path source, TorrentOptions.Builder options) throws IOException {
        return Torrent.create(source, options.onLeftOut(leftOut::add).build()).files().stream()
                .map(TorrentFile::toString)
                .toList();
    }

    private Map<String, Reason> reasons() {
        Map<String, Reason> reasons = new TreeMap<>();
        leftOut.forEach(entry ->
                reasons.put(start.relativize(start.resolve(entry.path())).toString(), entry.reason()));
        return reasons;
    }

    // ---- hidden files ----

    @Test
    void hiddenFilesAndClutterOfSystemsAreLeftOutAndReported() throws IOException {
        for (String name : List.of(".DS_Store", "Thumbs.db", "sub/desktop.ini", ".git/config", ".git/HEAD", "sub/.x")) {
            write(start, name);
        }

        assertThat(create(start, TorrentOptions.builder()))
                .containsExactly(
                        "start/a.txt", "start/b.tmp", "start/sub/a.txt", "start/sub/c.tmp", "start/sub/deep/d.txt");
        assertThat(reasons().keySet())
                .as("a folder is reported once")
                .containsExactly(".DS_Store", ".git", "Thumbs.db", "sub/.x", "sub/desktop.ini");
        assertThat(reasons().values()).containsOnly(Reason.HIDDEN);
    }

    @Test
    void hiddenFilesAreTakenOnRequest() throws IOException {
        write(start, ".git/config");
        write(start, "Thumbs.db");

        assertThat(create(start, TorrentOptions.builder().withHidden(true)))
                .contains("start/.git/config", "start/Thumbs.db")
                .hasSize(7);
        assertThat(leftOut).isEmpty();
    }

    @Test
    void aHiddenStartIsTaken() throws IOException {
        write(temp, ".config/x");

        assertThat(create(temp.resolve(".config"), TorrentOptions.builder())).containsExactly(".config/x");
        assertThat(create(temp.resolve(".config/x"), TorrentOptions.builder())).containsExactly("x");
    }

    // ---- exclusions ----

    @Test
    void aPatternWithoutASlashMatchesEachName() throws IOException {
        assertThat(create(start, TorrentOptions.builder().excludes(List.of("*.tmp", "deep"))))
                .containsExactly("start/a.txt", "start/sub/a.txt");
        assertThat(reasons())
                .isEqualTo(Map.of("b.tmp", Reason.EXCLUDED, "sub/c.tmp", Reason.EXCLUDED, "sub/deep", Reason.EXCLUDED));
    }

    @Test
    void aPatternWithASlashMatchesThePathBelowTheStart() throws IOException {
        assertThat(create(start, TorrentOptions.builder().excludes(List.of("sub/*.t*"))))
                .containsExactly("start/a.txt", "start/b.tmp", "start/sub/deep/d.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a", "", " "})
    void aMalformedPatternIsRefusedInOneLine(String pattern) {
        assertThatThrownBy(() -> TorrentOptions.builder().excludes(List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("exclude must be a pattern such as *.tmp or cache/**, was \"" + pattern + '"');
    }

    @Test
    void aFolderOfWhichEverythingIsLeftOutHasNoData() {
        assertThatThrownBy(() -> create(start, TorrentOptions.builder().excludes(List.of("*"))))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining("no data in " + start)
                .hasMessageContaining("excluded files do not count");
    }

    // ---- links ----

    @Test
    void aLinkAsTheStartIsFollowedOnceAndLinksBelowAreReported() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), start);
        Files.createSymbolicLink(start.resolve("loop"), start);
        Files.createSymbolicLink(start.resolve("sub/file"), start.resolve("a.txt"));

        assertThat(create(link, TorrentOptions.builder()))
                .containsExactly("link/a.txt", "link/b.tmp", "link/sub/a.txt", "link/sub/c.tmp", "link/sub/deep/d.txt");
        assertThat(reasons()).isEqualTo(Map.of("loop", Reason.LINK, "sub/file", Reason.LINK));
    }

    // ---- the mark in the info dictionary ----

    @Test
    void theSourceIsAPartOfTheInfoDictionary() throws IOException {
        Torrent plain = Torrent.create(start, TorrentOptions.defaults());
        Torrent marked =
                Torrent.create(start, TorrentOptions.builder().source("XYZ").build());

        assertThat(BencodeValue.dictionary(Map.of("info", BencodeValue.of(marked.info())))
                        .encoded())
                .asString()
                .contains("6:source3:XYZ");
        assertThat(marked.hashes()).isNotEqualTo(plain.hashes());
        assertThat(TorrentOptions.builder().source("XYZ").build().source()).contains("XYZ");
    }

    // ---- names ----

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aNameThatReadersWouldChangeIsRefused() throws IOException {
        write(start, "a\\b");

        assertThatThrownBy(() -> create(start, TorrentOptions.builder()))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining("start/a\\b")
                .hasMessageContaining("rename");
    }
}
