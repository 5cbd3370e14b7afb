/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.InfoHash;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;

/** Tests downloads for which only a tracker of another project knows the seed. */
class TrackerInteropTest {
    private static final String[] REFUSALS = {"not registered here", "not authorized", "does not serve this torrent"};

    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** A tracker, and the protocol that its clients use. */
    enum Transport {
        OPENTRACKER_HTTP(RealTracker.Kind.OPENTRACKER, false),
        OPENTRACKER_UDP(RealTracker.Kind.OPENTRACKER, true),
        BITTORRENT_TRACKER_HTTP(RealTracker.Kind.BITTORRENT_TRACKER, false),
        BITTORRENT_TRACKER_UDP(RealTracker.Kind.BITTORRENT_TRACKER, true);

        final RealTracker.Kind kind;
        private final boolean overUdp;

        Transport(RealTracker.Kind kind, boolean overUdp) {
            this.kind = kind;
            this.overUdp = overUdp;
        }

        /** Returns another one for each client. Opentracker cannot run in a namespace, which Transmission needs. */
        static Transport of(Kind client) {
            return switch (client) {
                case LIBTORRENT -> OPENTRACKER_UDP;
                case TRANSMISSION -> BITTORRENT_TRACKER_UDP;
                case WEBTORRENT -> OPENTRACKER_HTTP;
            };
        }

        String url(RealTracker tracker) {
            return overUdp ? tracker.udp() : tracker.http();
        }
    }

    private InfoHash hash() {
        return Objects.requireNonNull(cargo.torrent().hashes().v1());
    }

    private RealTracker tracker(Transport transport) {
        transport.kind.require();
        return RealTracker.start(scene, transport.kind, scene.ip(5), hash());
    }

    /** Returns a torrent file with one tracker. */
    private Path torrent(String url) {
        Torrent torrent = cargo.torrent().withTrackers(List.of(List.of(url)));
        try {
            return Files.write(scene.folder("torrents").resolve("tracked.torrent"), torrent.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a magnet link with nothing but the info hash and the tracker. */
    private String magnet(String url) {
        return MagnetLink.of(cargo.torrent().hashes())
                .withTrackers(List.of(List.of(url)))
                .toString();
    }

    /** Starts our seed, and waits until the tracker knows it. */
    private void seed(RealTracker tracker, String url, String ip) {
        Peerwire.seedOf(scene, torrent(url), ip, "--local-trackers", "--no-local-peers");
        awaitSeed(tracker);
    }

    private void awaitSeed(RealTracker tracker) {
        scene.await("the tracker knows the seed", () -> tracker.knowsSeed(hash()));
    }

    private Program downloadAndCheck(String url, String ip) {
        Path copy = scene.folder("copy");
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                magnet(url),
                "-o",
                copy,
                "--host",
                ip,
                "--local-trackers",
                "--no-local-peers",
                "--json");
        Peerwire.awaitSuccess(scene, "peerwire download", download);

        assertThat(cargo.isIn(copy)).isTrue();
        assertThat(Peerwire.events(download, "connected"))
                .isNotEmpty()
                .allMatch(node -> node.get("source").asText().equals("tracker"));
        String millis =
                Peerwire.events(download, "completed").get(0).get("millis").asText();
        scene.figure("64 MiB, SHA-256 identical, in " + millis + " ms, by " + url.replaceAll(":.*", ""));
        return download;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weDownloadWithNothingButATracker(Kind kind) {
        scene.prepareFor(kind);
        Transport transport = Transport.of(kind);
        RealTracker tracker = tracker(transport);
        String url = transport.url(tracker);
        kind.start(scene, "seed", scene.ip(1), Task.seed(torrent(url), cargo.folder()));
        awaitSeed(tracker);

        downloadAndCheck(url, scene.ip(3));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theyDownloadFromUsWithNothingButATracker(Kind kind) {
        scene.prepareFor(kind);
        Transport transport = Transport.of(kind);
        RealTracker tracker = tracker(transport);
        String url = transport.url(tracker);
        seed(tracker, url, scene.ip(2));
        Path copy = scene.folder("copy");
        RealClient leech = kind.start(scene, "leech", scene.ip(1), Task.download(magnet(url), copy));

        scene.await("the leech is complete", leech::isComplete);

        assertThat(cargo.isIn(copy)).isTrue();
        scene.figure("64 MiB, SHA-256 identical, by " + url.replaceAll(":.*", ""));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weMeetThroughEachTracker(Transport transport) {
        RealTracker tracker = tracker(transport);
        String url = transport.url(tracker);
        seed(tracker, url, scene.ip(2));

        downloadAndCheck(url, scene.ip(3));
    }

    /**
     * BEP 7: our seed announces itself over IPv6, and the download asks over HTTP. The answers of bittorrent-tracker over
     * UDP have no IPv6 peers, and the opentracker of Debian is built for IPv4 only.
     */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"BITTORRENT_TRACKER_HTTP", "BITTORRENT_TRACKER_UDP"})
    void weMeetOverIpv6(Transport ofSeed) {
        Assumptions.assumeTrue(Network.hasIpv6(), "this system must have the address ::1");
        ofSeed.kind.require();
        RealTracker tracker = RealTracker.start(scene, ofSeed.kind, "::1", hash());
        seed(tracker, ofSeed.url(tracker), "::1");

        Program download = downloadAndCheck(tracker.http(), "::1");

        assertThat(Peerwire.events(download, "connected"))
                .allMatch(node -> node.get("peer").asText().startsWith("["));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aRefusalReachesTheUser(Transport transport) {
        transport.kind.require();
        RealTracker tracker = RealTracker.refusing(scene, transport.kind, scene.ip(5), "not registered here");
        String url = transport.url(tracker);
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                magnet(url),
                "-o",
                scene.folder("copy"),
                "--local-trackers",
                "--no-local-peers",
                "--timeout",
                "5s");
        scene.await("peerwire download ends", () -> !download.isRunning());

        assertThat(download.exitCode()).isEqualTo(1);
        assertThat(download.lines()).anySatisfy(line -> assertThat(line).containsAnyOf(REFUSALS));
        String refusal = ".*(" + String.join("|", REFUSALS) + ").*";
        scene.figure(download.find(refusal).get(0).group());
    }
}
