/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireServer;
import org.peerwire.examples.TestData;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

class PatienceOptionTest {
    @TempDir
    private Path temp;

    @Test
    void aDownloadFromAPeerThatNeverUnchokesFailsAfterTheTime() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("file.torrent"), torrent.encode());
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        DisposableServer seed = WireServer.create()
                .tcp(tcp -> tcp.host("127.0.0.1").port(0))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire ->
                        wire.announce(PieceSet.all(torrent.pieceCount())).then(Mono.never()))
                .bindNow();
        String peer = "127.0.0.1:" + seed.port();

        Cli run = Cli.run("download", file, "-o", temp.resolve("copy"), "--peer", peer, "--patience", "1s");
        seed.disposeNow();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToIgnoringNewLines("peerwire download: no data for 1 s from 1 connected peer; give other peers"
                        + " with --peer, or more time with --patience");
    }

    @Test
    void aTimeThatIsNoDurationIsRefused() {
        Cli run = Cli.run("download", "x.torrent", "-o", temp, "--patience", "soon");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("a duration must be such as 500ms, 30s, 5m or 1h, was 'soon'");
    }
}
