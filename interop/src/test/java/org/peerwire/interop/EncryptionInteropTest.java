/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;

/** Tests downloads from a magnet link in both directions with required encryption. */
class EncryptionInteropTest {
    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBTORRENT") // WebTorrent has no TCP encryption
    void weDownloadWithEncryptionRequired(Kind kind) {
        Clients.require(kind);
        Task task = Task.seed(cargo.torrentFile(), cargo.folder()).withEncryption();
        RealClient seed = kind.start(scene, "seed", scene.ip(1), task);

        Path nothing = scene.folder("plain").resolve("x.torrent");
        Program plain = Peerwire.start(
                scene,
                "plain",
                "metadata",
                cargo.magnet(),
                "-o",
                nothing,
                "--peer",
                seed.address(),
                "--timeout",
                "3s",
                "--encryption",
                "plaintext");
        scene.await("a plain connection fails", () -> !plain.isRunning());
        assertThat(plain.exitCode()).isNotZero();

        Path copy = scene.folder("copy");
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                cargo.magnet(),
                "-o",
                copy,
                "--host",
                scene.ip(2),
                "--peer",
                seed.address(),
                "--encryption",
                "require",
                "--json");
        AtomicBoolean encrypted = new AtomicBoolean();
        scene.await("our download ends", () -> {
            encrypted.compareAndSet(false, seed.isEncryptedWith(scene.ip(2)));
            return !download.isRunning();
        });

        assertThat(download.exitCode()).isZero();
        assertThat(encrypted).isTrue();
        assertThat(cargo.isIn(copy)).isTrue();
        long millis =
                Peerwire.events(download, "completed").get(0).get("millis").asLong();
        scene.figure("encrypted as it says too, a plain connection refused; 64 MiB, SHA-256 identical, in " + millis
                + " ms");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBTORRENT")
    void theyDownloadFromUsWithEncryptionRequired(Kind kind) {
        Clients.require(kind);
        Path copy = scene.folder("copy");
        Task task = Task.download(cargo.magnet(), copy).withEncryption();
        RealClient leech = Meeting.of(scene, kind, "leech", task, "--encryption", "require")
                .client();

        AtomicBoolean encrypted = new AtomicBoolean();
        scene.await("the leech is complete", () -> {
            encrypted.compareAndSet(false, leech.isEncryptedWith(scene.ip(2)));
            return leech.isComplete();
        });

        assertThat(encrypted).isTrue();
        assertThat(leech.hasMetadata(Cargo.NAME, Cargo.PIECES)).isTrue();
        assertThat(cargo.isIn(copy)).isTrue();
        scene.figure("encrypted as it says too; metadata of 2 pieces from us; 64 MiB, SHA-256 identical");
    }
}
