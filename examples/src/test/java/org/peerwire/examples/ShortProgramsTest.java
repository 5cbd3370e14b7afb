/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.BoundServer;
import org.peerwire.WireFailure;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import reactor.netty.DisposableServer;

/** The short programs do what their Javadoc says. */
class ShortProgramsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path temp;

    @Test
    void downloadBlocksGetsWhatSeedFileServes() throws Exception {
        Path source = TestData.folder(temp.resolve("things"));
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("things.torrent"), torrent.encode());
        DisposableServer server = SeedFile.seed(torrent, source, 0);

        DownloadBlocks.main(new String[] {
            file.toString(),
            "127.0.0.1",
            "" + server.port(),
            temp.resolve("copy").toString()
        });
        server.disposeNow(SOON);

        Path copy = temp.resolve("copy").resolve("things");
        assertThat(copy.resolve("b").resolve("long.bin"))
                .hasSameBinaryContentAs(source.resolve("b").resolve("long.bin"));
        assertThat(copy.resolve("d.bin")).hasSameBinaryContentAs(source.resolve("d.bin"));
    }

    @Test
    void limitedServerServesRefusesAndStops() throws Exception {
        Path source = TestData.folder(temp.resolve("things"));
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("things.torrent"), torrent.encode());
        BlockingQueue<WireFailure> refused = new LinkedBlockingQueue<>();
        BoundServer server = LimitedServer.serve(torrent, source, 0, failure -> {
            if (failure.stage() == WireFailure.Stage.REFUSED) {
                refused.add(failure);
            }
        });
        String copy = temp.resolve("copy").toString();

        DownloadBlocks.main(new String[] {file.toString(), "127.0.0.1", "" + server.port(), copy});
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i <= LimitedServer.PER_ADDRESS; i++) {
            crowd.add(new Socket("127.0.0.1", server.port()));
        }
        assertThat(refused.poll(15, TimeUnit.SECONDS)).isNotNull();
        server.disposeNow(SOON);

        assertThat(temp.resolve("copy/things/d.bin")).hasSameBinaryContentAs(source.resolve("d.bin"));
        assertThat(server.connections()).isZero();
        for (Socket socket : crowd) {
            socket.close();
        }
    }

    @Test
    void fetchMetadataGetsItFromThePeerOfTheLink() throws Exception {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Torrent torrent = TestData.torrent(source);
        TestSeeds seeds = new TestSeeds();
        String port = ":" + seeds.start(torrent, source).getPort();

        assertThatCode(() -> FetchMetadata.main(new String[] {torrent.magnet() + "&x.pe=127.0.0.1" + port}))
                .doesNotThrowAnyException();
        seeds.dispose();
    }

    @Test
    void crawlerVisitsThePeersOfItsFirstPeerAndTheirs() throws Exception {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 4 * TestData.PIECE_LENGTH));
        CrawledPeer first = new CrawledPeer(torrent, "one 1", 4);
        CrawledPeer second = new CrawledPeer(torrent, "two 2", 0);
        CrawledPeer third = new CrawledPeer(torrent, "three 3", 1);
        second.dial(first);
        third.dial(second);

        List<String> lines = new Crawler(torrent.hashes().wire(), Duration.ofSeconds(3))
                .crawl(first.address())
                .collectList()
                .block(SOON);

        assertThat(lines)
                .containsExactlyInAnyOrder(
                        first.address() + "  one 1  100 %",
                        second.address() + "  two 2  0 %",
                        third.address() + "  three 3  25 %");
        Stream.of(first, second, third).forEach(CrawledPeer::dispose);
    }

    @Test
    void crawlerLeavesAPrivateTorrentAlone() throws Exception {
        Path source = TestData.file(temp.resolve("file.bin"), 10);
        Torrent torrent = Torrent.create(
                source,
                TorrentOptions.builder().pieceLength(32_768).isPrivate(true).build());
        DisposableServer indiscreet = CrawledPeer.indiscreet(torrent);

        assertThat(new Crawler(torrent.hashes().wire(), Duration.ofSeconds(60))
                        .crawl((InetSocketAddress) indiscreet.address())
                        .collectList()
                        .block(SOON))
                .containsExactly("the torrent is private: its peers are not for strangers (BEP 27)");
        indiscreet.disposeNow(SOON);
    }

    @Test
    void crawlerSaysInOneLineThatItsFirstPeerIsNotThere() {
        assertThatCode(() -> Crawler.main(new String[] {"01".repeat(20), "127.0.0.1", "1", "1"}))
                .doesNotThrowAnyException();
    }

    @Test
    void twoPeersChatWithTheirOwnExtension() {
        assertThatCode(() -> OwnExtension.main(new String[0])).doesNotThrowAnyException();
    }

    @Test
    void twoWiresTalkInMemory() {
        assertThatCode(() -> TwoWiresInMemory.main(new String[0])).doesNotThrowAnyException();
    }
}
