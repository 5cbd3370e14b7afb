/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;

/** Tests downloads whose only source is a web server of another project (BEP 19). */
class WebSeedInteropTest {
    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** Returns the torrent file with a web seed. */
    private Path torrent(Torrent torrent, String url) throws IOException {
        byte[] plain = torrent.encode();
        ByteArrayOutputStream seeded = new ByteArrayOutputStream();
        seeded.write(plain, 0, plain.length - 1); // without the end of the dictionary, whose last key this is
        seeded.write(("8:url-list" + url.length() + ":" + url + "e").getBytes(UTF_8));
        return Files.write(scene.folder("torrents").resolve("seeded.torrent"), seeded.toByteArray());
    }

    private Program download(Path torrent, Path copy) {
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                torrent,
                "-o",
                copy,
                "--local-trackers",
                "--no-local-peers",
                "--no-dht",
                "--json");
        scene.await("peerwire download ends", () -> !download.isRunning());
        return download;
    }

    /** Starts a server without ranges, and returns its URL. */
    private String python(Path folder) {
        String port = "" + Network.freePort();
        Program server = scene.start(
                "server",
                List.of("/usr/bin/python3", "-u", "-m", "http.server", port, "-b", scene.ip(1), "-d", "" + folder));
        scene.await("the server listens", () -> server.says("^Serving HTTP"));
        return "http://" + scene.ip(1) + ":" + port + "/";
    }

    @Test
    void weDownloadAFileFromLighttpd() throws IOException {
        Clients.require("lighttpd");
        int port = Network.freePort();
        Path settings = scene.folder("lighttpd").resolve("lighttpd.conf");
        Files.write(
                settings,
                List.of(
                        "server.document-root = \"" + cargo.folder() + "\"",
                        "server.bind = \"" + scene.ip(1) + "\"",
                        "server.port = " + port));
        scene.start("server", List.of("lighttpd", "-D", "-f", settings.toString()));
        List<String> dial = List.of("bash", "-c", "exec 3<>/dev/tcp/" + scene.ip(1) + "/" + port);
        scene.await("lighttpd listens", () -> scene.output("dial", dial) != null);
        String url = "http://" + scene.ip(1) + ":" + port + "/" + Cargo.NAME;
        Path copy = scene.folder("copy");

        Program download = download(torrent(cargo.torrent(), url), copy);

        assertThat(download.exitCode()).isZero();
        assertThat(cargo.isIn(copy)).isTrue();
        scene.figure("64 MiB, SHA-256 identical, from lighttpd only, with ranges");
    }

    /** The server of Python ignores ranges: such a server is used for the first MiB of each file. */
    @Test
    void weDownloadAFolderFromAServerWithoutRanges() throws IOException {
        Path folder = scene.folder("things");
        byte[] content = Arrays.copyOf(Files.readAllBytes(cargo.file()), 3 << 20);
        Files.write(folder.resolve("a b.bin"), Arrays.copyOf(content, 1 << 20));
        Files.write(
                Files.createDirectories(folder.resolve("c")).resolve("d.bin"),
                Arrays.copyOfRange(content, 1 << 20, (1 << 20) + 777_777));
        Torrent torrent = Torrent.create(
                folder, TorrentOptions.builder().pieceLength(Cargo.PIECE_LENGTH).build());
        Path copy = scene.folder("copy");

        Program download = download(torrent(torrent, python(folder.getParent())), copy);

        assertThat(download.exitCode()).isZero();
        for (String name : List.of("a b.bin", "c/d.bin")) {
            assertThat(copy.resolve("things").resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
        }
        scene.figure("two files, identical, from a server without ranges");
    }

    /** Each read of the end of a long file would transfer the file up to it. */
    @Test
    void aLongFileWithoutRangesIsRefusedWithOneLine() throws IOException {
        Program download =
                download(torrent(cargo.torrent(), python(cargo.folder()) + Cargo.NAME), scene.folder("copy"));

        assertThat(download.exitCode()).isNotZero();
        assertThat(download.lines()).anySatisfy(line -> assertThat(line).contains("does not serve ranges"));
        scene.figure(download.find(".*does not serve ranges.*").get(0).group());
    }
}
