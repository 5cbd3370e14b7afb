/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.InfoHash;

/** A foreign tracker for one torrent. It ends with its {@link Scene}. */
final class RealTracker {
    private final String address;
    private final Program program;

    /** The kinds of trackers. */
    enum Kind {
        OPENTRACKER,
        BITTORRENT_TRACKER;

        /** Skips the test if the tracker is not installed. */
        void require() {
            if (this == OPENTRACKER) {
                Clients.require("opentracker");
            } else {
                Clients.require(RealClient.Kind.WEBTORRENT); // the package has the tracker
            }
        }
    }

    private RealTracker(String address, Program program) {
        this.address = address;
        this.program = program;
    }

    /** Starts a tracker, and waits until it listens. */
    static RealTracker start(Scene scene, Kind kind, String ip, InfoHash hash) {
        int port = Network.freePort();
        return kind == Kind.OPENTRACKER
                ? opentracker(scene, ip, port, List.of(hash))
                : bittorrentTracker(scene, ip, port);
    }

    /** Starts a tracker that refuses every torrent. */
    static RealTracker refusing(Scene scene, Kind kind, String ip, String reason) {
        int port = Network.freePort();
        return kind == Kind.OPENTRACKER
                ? opentracker(scene, ip, port, List.of())
                : bittorrentTracker(scene, ip, port, "--refuse", reason);
    }

    /** Starts the tracker of Debian, which has a white list, and gives up root and its view of the disk. */
    private static RealTracker opentracker(Scene scene, String ip, int port, List<InfoHash> hashes) {
        Path folder = scene.folder("opentracker");
        Path settings = folder.resolve("opentracker.conf");
        try {
            Files.write(
                    folder.resolve("whitelist"),
                    hashes.stream().map(InfoHash::toHex).toList());
            Files.write(
                    settings,
                    List.of(
                            "listen.tcp_udp " + ip + ":" + port,
                            "access.whitelist whitelist",
                            "tracker.user nobody",
                            "tracker.rootdir " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Program program = scene.start("opentracker", List.of("opentracker", "-f", settings.toString()));
        List<String> dial = List.of("bash", "-c", "exec 3<>/dev/tcp/" + ip + "/" + port);
        scene.await("opentracker listens", () -> scene.output("dial", dial) != null); // it prints nothing
        return new RealTracker(ip + ":" + port, program);
    }

    private static RealTracker bittorrentTracker(Scene scene, String ip, int port, String... options) {
        List<String> arguments = new ArrayList<>(List.of(ip, "" + port));
        arguments.addAll(List.of(options));
        Program program = scene.start("tracker", WebtorrentClient.script("tracker.mjs", arguments));
        scene.await("the tracker listens", () -> program.says("^listening"));
        return new RealTracker((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port, program);
    }

    /** Returns its URL for HTTP. */
    String http() {
        return "http://" + address + "/announce";
    }

    /** Returns its URL for UDP. */
    String udp() {
        return "udp://" + address + "/announce";
    }

    /** Returns whether a seed has announced itself. */
    boolean knowsSeed(InfoHash hash) {
        return program.says("^(start|update|complete) " + hash + " .*, left 0$")
                || scrape(hash).contains("8:completei1e");
    }

    /** Returns the answer of opentracker, which prints nothing. Empty while it gives none. */
    private String scrape(InfoHash hash) {
        String escaped = hash.toHex().replaceAll("..", "%$0");
        URI uri = URI.create("http://" + address + "/scrape?info_hash=" + escaped);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(ISO_8859_1))
                    .body();
        } catch (IOException e) {
            return ""; // another tracker, in a namespace
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
