/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.peerwire.interop.RealClient.Kind;

/** Tests that peers find each other in a local network: two namespaces with a cable between them. */
class LocalPeersInteropTest {
    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** Starts our download on the second machine, which knows nothing but the info hash, and waits until it listens. */
    private Program startDownload() {
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                cargo.torrent().hashes().wire(),
                "-o",
                scene.folder("copy"),
                "--host",
                scene.ip(2),
                "--json");
        scene.await("we listen", () -> !Peerwire.events(download, "listening").isEmpty());
        return download;
    }

    private void check(Program download) {
        Peerwire.awaitSuccess(scene, "peerwire download", download);
        Path copy = scene.folder("copy");
        assertThat(cargo.isIn(copy)).isTrue();
        JsonNode completed = Peerwire.events(download, "completed").get(0);
        scene.figure("64 MiB with an info hash only, SHA-256 identical, in " + completed.get("millis") + " ms");
    }

    @Test
    void weFindOurSeedOnAnotherMachine() {
        Network second = scene.useTwoMachines();
        Peerwire.seed(scene, scene.ip(1));
        scene.use(second);

        check(startDownload());
    }

    @Test
    void weFindALibtorrentOnAnotherMachine() {
        Clients.require(Kind.LIBTORRENT);
        Network second = scene.useTwoMachines();
        Task seed = Task.seed(cargo.torrentFile(), cargo.folder()).withLocalPeers();
        Kind.LIBTORRENT.start(scene, "seed", scene.ip(1), seed);
        scene.use(second);

        check(startDownload());
    }
}
