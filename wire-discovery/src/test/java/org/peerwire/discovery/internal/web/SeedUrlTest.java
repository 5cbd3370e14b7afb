/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.discovery.SeedTorrents;
import org.peerwire.metadata.Torrent;

/** The URLs of files below a web seed (BEP 19). */
class SeedUrlTest {

    private static String url(String seed, Torrent torrent, int file) {
        return SeedUrl.parse(seed)
                .orElseThrow()
                .of(torrent, torrent.files().get(file))
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "http://mirror.com/file.exe, http://mirror.com/file.exe",
        "http://mirror.com/other, http://mirror.com/other",
        "http://mirror.com/, http://mirror.com/a%20%23b.bin",
        "http://mirror.com, http://mirror.com/a%20%23b.bin",
        "https://mirror.com:8443/x/?key=1, https://mirror.com:8443/x/a%20%23b.bin?key=1",
        "http://mirror.com/with space, http://mirror.com/with%20space",
        "http://my_mirror:8080/x, http://my_mirror:8080/x",
        "http://b\u00fccher.example/x?key=1, http://xn--bcher-kva.example/x?key=1"
    })
    void aTorrentOfOneFileIsTheUrlItselfOrItsNameAfterASlash(String seed, String expected) {
        assertThat(url(seed, SeedTorrents.file("a #b.bin", new byte[10], 16_384), 0))
                .isEqualTo(expected);
    }

    /** The example of BEP 19: michael/ with a.txt and folder/b.txt below a folder of the server. */
    @Test
    void aTorrentWithAFolderIsBelowTheUrl() {
        Torrent torrent = SeedTorrents.folder("michael", List.of("a.txt", "folder/ä?.txt"), List.of(3, 4));

        assertThat(url("http://mirror.com/pub/", torrent, 0)).isEqualTo("http://mirror.com/pub/michael/a.txt");
        assertThat(url("http://mirror.com/pub", torrent, 1))
                .isEqualTo("http://mirror.com/pub/michael/folder/%C3%A4%3F.txt");
    }

    @Test
    void theNameOnTheServerIsThatOfTheTorrent() {
        Torrent torrent = SeedTorrents.folder("CON", List.of("a:b", "x"), List.of(3, 4));

        assertThat(url("http://mirror.com/", torrent, 0)).isEqualTo("http://mirror.com/CON/a%3Ab");
    }

    @Test
    void bytesThatAreNoTextAreEncodedAsTheyAre() {
        byte[] name = "x\u00e4".getBytes(StandardCharsets.ISO_8859_1);
        Torrent torrent = SeedTorrents.file(BencodeValue.of(name), new byte[10], 16_384);

        assertThat(url("http://mirror.com/", torrent, 0)).isEqualTo("http://mirror.com/x%E4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp://mirror.com/x",
                "file:///etc/passwd",
                "http:///x",
                "http://user:secret@mirror.com/",
                "http://user:secret@my_mirror/",
                "http://my_mirror:70000/",
                "http://mirror.com:0/",
                "http://mirror.com:70000/",
                "http://mirror.com/%zz",
                "mirror.com/x",
                "http://"
            })
    void anotherUrlIsNotUsed(String text) {
        assertThat(SeedUrl.parse(text)).isEmpty();
    }

    @Test
    void aLongUrlIsNotUsed() {
        assertThat(SeedUrl.parse("http://mirror.com/" + "x".repeat(8 * 1024))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/y, http://mirror.com/y",
        "y/z, http://mirror.com/a/y/z",
        "https://other.com/q#part, https://other.com/q",
        "//other.com/q, http://other.com/q"
    })
    void aRedirectIsRelativeToTheUrl(String location, String expected) {
        assertThat(SeedUrl.parse("http://mirror.com/a/x").orElseThrow().redirect(location))
                .hasValueSatisfying(to -> assertThat(to).hasToString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://other.com/", "file:///etc/passwd", "http://u@other.com/", "http://%zz"})
    void aRedirectElsewhereIsNotFollowed(String location) {
        assertThat(SeedUrl.parse("http://mirror.com/a/x").orElseThrow().redirect(location))
                .isEmpty();
    }
}
