/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.metadata.Torrent;

/** Tests downloads from a magnet link in both directions, in plaintext. */
class DownloadInteropTest {
    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weDownloadByMagnet(Kind kind) throws IOException {
        Clients.require(kind);
        Path theirs = kind == Kind.TRANSMISSION ? cargo.torrentOfTransmission(scene) : cargo.torrentFile();
        Torrent torrent = Torrent.read(theirs);
        RealClient seed = kind.start(scene, "seed", scene.ip(1), Task.seed(theirs, cargo.folder()));

        Path fetched = scene.folder("metadata").resolve("fetched.torrent");
        Program metadata = Peerwire.start(
                scene, "metadata", "metadata", torrent.magnet(), "-o", fetched, "--peer", seed.address());
        Peerwire.awaitSuccess(scene, "peerwire metadata", metadata);
        Path copy = scene.folder("copy");
        Program download = Peerwire.start(
                scene, "download", "download", torrent.magnet(), "-o", copy, "--peer", seed.address(), "--json");
        Peerwire.awaitSuccess(scene, "peerwire download", download);

        assertThat(Torrent.read(fetched).info()).isEqualTo(torrent.info());
        JsonNode metadataEvent = Peerwire.events(download, "metadata").get(0);
        assertThat(metadataEvent.get("name").asText()).isEqualTo(Cargo.NAME);
        assertThat(metadataEvent.get("pieces").asInt()).isEqualTo(Cargo.PIECES);
        assertThat(Peerwire.events(download, "badPiece")).isEmpty();
        assertThat(cargo.isIn(copy)).isTrue();
        long millis =
                Peerwire.events(download, "completed").get(0).get("millis").asLong();
        scene.figure(
                "metadata of " + torrent.info().length + " bytes; 64 MiB, SHA-256 identical, in " + millis + " ms");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theyDownloadByMagnetFromUs(Kind kind) {
        Clients.require(kind);
        Path copy = scene.folder("copy");
        Task task = Task.download(cargo.magnet(), copy);
        RealClient leech = Meeting.of(scene, kind, "leech", task).client();

        scene.await("the leech is complete", leech::isComplete);

        assertThat(leech.hasMetadata(Cargo.NAME, Cargo.PIECES)).isTrue();
        assertThat(cargo.isIn(copy)).isTrue();
        scene.figure("metadata of 2 pieces from us; 64 MiB, SHA-256 identical");
    }
}
