/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.peerwire.metadata.Infos.encode;
import static org.peerwire.metadata.Infos.file;
import static org.peerwire.metadata.Infos.multi;
import static org.peerwire.metadata.Infos.single;
import static org.peerwire.metadata.TorrentTest.assertRefused;
import static org.peerwire.metadata.TorrentTest.tree;
import static org.peerwire.metadata.TorrentTest.v2;
import static org.peerwire.metadata.TorrentTest.v2File;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue;

/** Tests of the safe paths of torrents with unsafe, unusual, long or equal names. */
class TorrentPathTest {

    private static List<String> paths(PathRules rules, BencodeValue... files) {
        return Torrent.fromInfo(encode(multi(files))).files(rules).stream()
                .map(TorrentFile::toString)
                .toList();
    }

    private static List<String> paths(BencodeValue... files) {
        return paths(PathRules.CASE_SENSITIVE, files);
    }

    /** Returns a file whose path has these elements, which need not be UTF-8 or strings. */
    private static BencodeValue raw(long length, BencodeValue... path) {
        return BencodeValue.dictionary(
                Map.of("length", BencodeValue.of(length), "path", BencodeValue.list(List.of(path))));
    }

    private static BencodeValue bytes(String latin1) {
        return BencodeValue.of(latin1.getBytes(ISO_8859_1));
    }

    // ---- one name ----

    static Stream<Arguments> elements() {
        return Stream.of(
                Arguments.of("", "_"),
                Arguments.of(".", ""),
                Arguments.of("..", ""),
                Arguments.of("/..", ""),
                Arguments.of("//\\", ""),
                Arguments.of("a/b", "ab"),
                Arguments.of("/etc/passwd", "etcpasswd"),
                Arguments.of("..\\up", "..up"),
                Arguments.of("../../x", "....x"),
                Arguments.of("...", "..."),
                Arguments.of("a..", "a.."),
                Arguments.of(" ", " "),
                Arguments.of(".hidden", ".hidden"),
                Arguments.of("A: first", "A: first"),
                Arguments.of("C:", "C:"),
                Arguments.of("con", "con"),
                Arguments.of("tr\u00e9s", "tr\u00e9s"),
                Arguments.of("new\nline", "new_line"),
                Arguments.of("esc\u001b[2J", "esc_[2J"),
                Arguments.of("nul\u0000byte", "nulbyte"),
                Arguments.of("del\u007f\u0085", "del__"),
                Arguments.of("line\u2028\u2029", "line__"),
                Arguments.of("photo\u202egpj.exe", "photogpj.exe"),
                Arguments.of("zero\u200b\u200d\ufeffwidth", "zerowidth"),
                Arguments.of("iso\u2066late\u2069", "isolate"),
                Arguments.of("soft\u00adhyphen", "softhyphen"));
    }

    @ParameterizedTest
    @MethodSource("elements")
    void makesAnElementSafeAndKeepsTheRest(String name, String safe) {
        List<String> path = new ArrayList<>(List.of("folder", "sub", "x"));
        if (!safe.isEmpty()) {
            path.add(1, safe);
        }
        Torrent torrent = Torrent.fromInfo(encode(multi(file(20_000, name, "sub", "x"))));
        assertThat(torrent.files(PathRules.CASE_SENSITIVE).get(0).path()).isEqualTo(path);
        assertThat(torrent.files().get(0).rawPath())
                .as("the original bytes")
                .containsExactly(
                        BencodeValue.of("folder"), BencodeValue.of(name), BencodeValue.of("sub"), BencodeValue.of("x"));

        Torrent v2 = Torrent.fromInfo(encode(v2(tree(Map.of("sub", tree(Map.of("a" + name, v2File(5))))))));
        assertThat(v2.files(PathRules.CASE_SENSITIVE).get(0).path()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/", "\\..", "\u200b"})
    void theInfoHashReplacesANameOfWhichNothingRemains(String name) {
        Map<String, BencodeValue> info = single();
        info.put("name", BencodeValue.of(name));
        Torrent torrent = Torrent.fromInfo(encode(info));
        String hash = InfoHashes.sha1(encode(info)).toString();
        assertThat(torrent.name()).isEqualTo(hash);
        assertThat(torrent.files().get(0).path()).containsExactly(hash);
    }

    @Test
    void aFileOfWhichNothingRemainsIsNotTheFolder() {
        assertThat(paths(file(5_000, ".."), file(15_000, ".", "/"))).containsExactly("folder/_", "folder/_.1");
    }

    @Test
    void theInfoHashIsThatOfTheOriginalBytes() {
        Map<String, BencodeValue> info = multi(file(20_000, "..", "a/b"));
        info.put("name", BencodeValue.of("x\ny"));
        Torrent torrent = Torrent.fromInfo(encode(info));
        assertThat(torrent.hashes()).isEqualTo(InfoHashes.of(InfoHashes.sha1(encode(info))));
        assertThat(torrent.info()).isEqualTo(encode(info));
        assertThat(torrent.name()).isEqualTo("x_y");
        assertThat(torrent.magnet().name()).isEqualTo("x_y");
        assertThat(torrent).hasToString("x_y " + torrent.hashes());
    }

    @Test
    void anElementThatIsNotAStringIsMadeSafe() {
        assertThat(paths(raw(20_000, BencodeValue.of(5), BencodeValue.list(List.of()))))
                .containsExactly("folder/_/_");
    }

    @Test
    void bytesThatAreNotUtf8BecomeAPrintableNameWithItsExtension() {
        assertThat(paths(raw(20_000, bytes("\u00e9t\u00e9"), bytes("caf\u00e9.mp3"))))
                .containsExactly("folder/_t_/caf_.mp3");
        assertThat(paths(raw(20_000, bytes("\u0083e\u0083X\u0083g.txt")))).containsExactly("folder/_e_X_g.txt");
    }

    // ---- length ----

    @Test
    void aNameThatIsTooLongIsCutAtACharacterAndKeepsItsExtension() {
        String long255 = "x".repeat(251) + ".mp3";
        String long256 = "x".repeat(252) + ".mp3";
        String letters = "\u00e9".repeat(150) + ".flac";
        String emoji = "x" + "\ud83d\ude00".repeat(70);
        assertThat(paths(file(5_000, long255), file(5_000, long256), file(5_000, letters), file(5_000, emoji)))
                .containsExactly(
                        "folder/" + long255,
                        "folder/" + "x".repeat(240) + ".mp3",
                        "folder/" + "\u00e9".repeat(120) + ".flac",
                        "folder/x" + "\ud83d\ude00".repeat(60));
    }

    @Test
    void longNamesThatBecomeEqualStayApartAndShort() {
        BencodeValue[] files = new BencodeValue[20];
        for (int i = 0; i < files.length; i++) {
            files[i] = file(1_000, "\u00e9".repeat(150) + i + ".flac");
        }
        List<String> paths = paths(files);
        assertThat(paths).doesNotHaveDuplicates().allMatch(path -> path.endsWith(".flac"));
        assertThat(paths).allMatch(path -> path.substring("folder/".length()).getBytes(UTF_8).length <= 255);
    }

    // ---- equal paths ----

    @Test
    void theLaterOfTwoFilesAtOnePlaceGetsANumber() {
        assertThat(paths(
                        file(4_000, "a", "b.txt"),
                        file(4_000, "a", "b.1.txt"),
                        file(4_000, "a", "b.txt"),
                        file(4_000, "a", "b.txt"),
                        file(4_000, "b.txt")))
                .containsExactly(
                        "folder/a/b.txt", "folder/a/b.1.txt", "folder/a/b.2.txt", "folder/a/b.3.txt", "folder/b.txt");
        assertThat(paths(file(10_000, ".hidden"), file(10_000, ".hidden")))
                .containsExactly("folder/.hidden", "folder/.hidden.1");
    }

    @Test
    void aFileWhereAFolderIsGetsANumber() {
        assertThat(paths(file(9_000, "a"), file(1_000, "a-"), file(10_000, "a", "b")))
                .containsExactly("folder/a.1", "folder/a-", "folder/a/b");
        assertThat(paths(file(9_000, "a", "b", "c"), file(11_000, "a", "b")))
                .containsExactly("folder/a/b/c", "folder/a/b.1");
    }

    @Test
    void namesThatBecomeEqualOnlyWhenDecodedStayApart() {
        assertThat(paths(raw(5_000, bytes("caf\u00e9")), raw(5_000, bytes("caf\u00e8")), raw(10_000, bytes("caf_"))))
                .containsExactly("folder/caf_", "folder/caf_.1", "folder/caf_.2");
    }

    @Test
    void namesThatDifferInCaseClashOnlyWhereTheFileSystemFoldsCase() {
        BencodeValue[] files = {
            file(4_000, "b", "a"),
            file(4_000, "b", "A"),
            file(4_000, "B", "a"),
            file(4_000, "\u00e9"),
            file(4_000, "e\u0301")
        };
        assertThat(paths(files))
                .containsExactly("folder/b/a", "folder/b/A", "folder/B/a", "folder/\u00e9", "folder/e\u0301");
        assertThat(paths(PathRules.CASE_FOLDING, files))
                .containsExactly("folder/b/a", "folder/b/A.1", "folder/B/a.2", "folder/\u00e9", "folder/e\u0301.1");
    }

    @Test
    void reservedNamesAreMadeSafeOnWindows() {
        assertThat(paths(
                        PathRules.WINDOWS,
                        file(2_500, "A: first"),
                        file(2_500, "c:"),
                        file(2_500, "what?"),
                        file(2_500, "dots. ."),
                        file(2_500, "con.txt"),
                        file(2_500, "CON .x"),
                        file(2_500, "COM\u00b9.txt"),
                        file(2_500, ". ."),
                        file(2_500, "a|b", "<*>\"")))
                .containsExactly(
                        "folder/A_ first",
                        "folder/c_",
                        "folder/what_",
                        "folder/dots",
                        "folder/_con.txt",
                        "folder/_CON .x",
                        "folder/_COM\u00b9.txt",
                        "folder/_",
                        "folder/a_b/____");
        assertThat(PathRules.ofSystem()).isIn((Object[]) PathRules.values());
    }

    @Test
    void equalNamesInAFileTreeStayApart() {
        Map<String, BencodeValue> top = Map.of("a/", v2File(5), "a\\", v2File(5), "a", v2File(5), "\u202ea", v2File(0));
        assertThat(Torrent.fromInfo(encode(v2(tree(top)))).files())
                .extracting(TorrentFile::toString)
                .containsExactly("folder/a", "folder/a.1", "folder/a.2", "folder/a.3");
        Map<String, BencodeValue> both = new HashMap<>(v2File(20_000).entries());
        both.put("b", v2File(5));
        assertRefused(v2(tree(Map.of("a", tree(both), "c", v2File(5)))), "a folder have the path folder/a");
    }

    // ---- cost ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void manyEqualNamesTakeTimeInProportion(int kind) {
        BencodeValue[] files = new BencodeValue[100_000];
        for (int i = 0; i < files.length; i++) {
            String[] names = {
                "a.txt", i % 2 == 0 ? "a" : "a." + (i / 2 + 1), "x".repeat(238) + Integer.toString(i / 2, 36) + ".txt"
            };
            files[i] = file(i == 0 ? 20_000 : 0, "sub", names[kind]);
        }
        byte[] info = encode(multi(files));

        List<TorrentFile> safe = assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> Torrent.fromInfo(info).files(PathRules.CASE_FOLDING));

        assertThat(new HashSet<>(safe.stream()
                        .map(file -> file.toString().toLowerCase(Locale.ROOT))
                        .toList()))
                .hasSize(100_000);
    }

    @Test
    void aPathOfMoreThanAHundredElementsIsRefused() {
        String[] deep = new String[99];
        Arrays.fill(deep, "x");
        assertThat(Torrent.fromInfo(encode(multi(file(20_000, deep)))).files()).hasSize(1);
        String[] deeper = Arrays.copyOf(deep, 100);
        deeper[99] = "y";
        assertRefused(multi(file(20_000, deeper)), "at most 100 elements, had 101");
    }

    // ---- padding ----

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
