/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.internal.store.StoreData;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Seeds and leechers over real TCP on the loopback interface. */
class SwarmTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int PIECE = 32 * 1024;
    private static final int LENGTH = 40 * PIECE + 123;

    @TempDir
    private Path temp;

    private final byte[] content = TestTorrents.bytes(LENGTH);
    private final Torrent torrent = TestTorrents.of(content, PIECE);
    private final TestSeeds seeds = new TestSeeds();
    private final Disposable.Composite running = Disposables.composite();

    @AfterEach
    void stop() {
        running.dispose();
        seeds.dispose();
    }

    private Leecher leecher(InetSocketAddress... peers) {
        return added(Leecher.of(torrent, peers));
    }

    private Leecher added(Leecher leecher) {
        running.add(leecher);
        return leecher;
    }

    // ---- downloads ----

    @Test
    void aFolderIsDownloadedFromAMagnetLink() throws IOException {
        Path source = StoreData.folder(temp.resolve("source").resolve("things"));
        Torrent folder = StoreData.torrent(source);
        InetSocketAddress seed = seeds.start(folder, FileStore.existing(source), UnaryOperator.identity());
        MagnetLink link =
                MagnetLink.parse(folder.magnet().withPeers(List.of(seed)).toString());
        Leecher leecher = added(Leecher.of(Swarm.of(link), FileStore.in(temp.resolve("copy"))));

        assertThat(leecher.download()).containsOnlyKeys(seed).containsValue(folder.length());

        for (String name : List.of("a.bin", "b/long.bin", "b/none.bin", "c.bin", "d.bin")) {
            assertThat(temp.resolve("copy/things").resolve(name)).hasSameBinaryContentAs(source.resolve(name));
        }
        assertThat(leecher.seen(SwarmEvent.MetadataReceived.class)).hasSize(1);
    }

    @Test
    void aDownloadReleasesEachPieceOnceAlsoForAUserWhoReleasesDiscardedOnes() {
        Leecher leecher = leecher(seeds.start(torrent, content, 1024 * 1024));
        Queue<Piece> discarded = new ConcurrentLinkedQueue<>();

        leecher.swarm
                .download(leecher.store)
                .doOnDiscard(Piece.class, discarded::add)
                .block(Duration.ofSeconds(15));

        assertThat(discarded).isEmpty();
    }

    @Test
    void aFileIsDownloadedFromSeveralSeedsAtOnce() {
        InetSocketAddress first = seeds.start(torrent, content, 1024 * 1024);
        InetSocketAddress second = seeds.start(torrent, content, 1024 * 1024);
        Leecher leecher = leecher(first, second);

        assertThat(leecher.download()).containsOnlyKeys(first, second);

        assertThat(leecher.content(torrent)).isEqualTo(content);
        assertThat(leecher.await(SwarmEvent.PieceVerified.class, torrent.pieceCount()))
                .hasSize(torrent.pieceCount());
    }

    @Test
    void aDownloadUsesEncryptedWires() {
        InetSocketAddress seed = seeds.start(
                SwarmHost.create().encryption(EncryptionPolicy.REQUIRE),
                torrent,
                MemoryStore.of(torrent, content),
                UnaryOperator.identity());
        Leecher leecher = leecher(seed);

        assertThat(leecher.download()).containsOnlyKeys(seed);

        assertThat(leecher.content(torrent)).isEqualTo(content);
    }

    @Test
    void anInterruptedDownloadResumes() throws IOException {
        byte[] half = Arrays.copyOf(content, 20 * PIECE);
        half[3] ^= 1;
        Path copy = Files.write(temp.resolve("test.bin"), half);
        Leecher leecher = added(Leecher.of(Swarm.of(torrent).peers(seeds.start(torrent, content)), FileStore.in(temp)));

        leecher.download();

        assertThat(copy).hasBinaryContent(content);
        assertThat(leecher.seen(SwarmEvent.StoreOpened.class)).containsExactly(new SwarmEvent.StoreOpened(19, 41));
        assertThat(leecher.await(SwarmEvent.PieceVerified.class, 22)).hasSize(22);
    }

    @Test
    void aCompleteDownloadNeedsNoPeers() {
        for (InetSocketAddress[] peers : new InetSocketAddress[][] {{TestSeeds.local(1)}, {}}) {
            Leecher leecher = added(Leecher.of(Swarm.of(torrent).peers(peers), MemoryStore.of(torrent, content)));

            assertThat(leecher.download()).isEmpty();
            assertThat(leecher.seen(SwarmEvent.PieceVerified.class)).isEmpty();
        }
    }

    @Test
    void unrelatedDataIsOverwrittenOnlyOnRequest() throws IOException {
        Path other = Files.write(temp.resolve("test.bin"), TestTorrents.bytes(LENGTH - 1));
        InetSocketAddress seed = seeds.start(torrent, content);
        Leecher refused = added(Leecher.of(Swarm.of(torrent).peers(seed), FileStore.in(temp)));

        assertThatThrownBy(refused::download).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.reason())
                .isEqualTo(StoreException.Reason.OCCUPIED));
        assertThat(other).hasSize(LENGTH - 1);
        added(Leecher.of(Swarm.of(torrent).peers(seed), FileStore.in(temp).overwrite(true)))
                .download();

        assertThat(other).hasBinaryContent(content);
    }

    @Test
    void aLeecherServesWhatItHas() {
        InetSocketAddress seed = seeds.start(torrent, content, 300_000);
        SwarmHost host =
                TestSeeds.await(SwarmHost.create().listen("127.0.0.1", 0).bind());
        seeds.add(() -> host.close().subscribe());
        added(Leecher.of(Swarm.of(torrent).host(host).peers(seed), MemoryStore.create()))
                .start();

        Leecher last = leecher(host.address().orElseThrow());
        last.start();

        assertThat(last.await(SwarmEvent.PieceVerified.class, 1)).isNotEmpty();
    }

    @Test
    void theMetadataAloneCanBeFetched() {
        MagnetLink link = torrent.magnet().withPeers(List.of(seeds.start(torrent, content)));
        Leecher leecher = added(Leecher.of(Swarm.of(link), MemoryStore.create()));

        Torrent fetched = TestSeeds.await(leecher.swarm.torrent());

        assertThat(fetched.hashes()).isEqualTo(torrent.hashes());
        assertThat(fetched.info()).isEqualTo(torrent.info());
    }

    // ---- failures ----

    @Test
    void incompleteDataIsNotSeeded() throws IOException {
        Path file = Files.write(temp.resolve("test.bin"), new byte[LENGTH - 1]);

        assertThatThrownBy(() -> seeds.start(torrent, FileStore.existing(file), UnaryOperator.identity()))
                .hasMessageContaining("41 of 41 pieces are missing or wrong")
                .isInstanceOfSatisfying(
                        SwarmException.class, e -> assertThat(e.reason()).isEqualTo(SwarmException.Reason.INCOMPLETE));
    }

    @Test
    void aDownloadWithoutAnyPeerFailsAtOnce() {
        Leecher leecher = leecher();

        assertThatThrownBy(leecher::download)
                .hasMessage("no peers")
                .isInstanceOfSatisfying(
                        SwarmException.class, e -> assertThat(e.reason()).isEqualTo(SwarmException.Reason.NO_PEERS));
    }

    @Test
    void theOnlyPeerThatSentABadPieceIsTheReasonOfTheEnd() {
        InetSocketAddress bad = seeds.start(torrent, content, TestSeeds::corrupted, Long.MAX_VALUE);
        Leecher leecher = leecher(bad);

        assertThatThrownBy(leecher::download)
                .hasMessageStartingWith("the only peer sent bad data: 127.0.0.1:" + bad.getPort() + ": it sent piece ");
    }

    @Test
    void aSeedThatSendsABadPieceIsBannedAndTheDownloadCompletes() {
        InetSocketAddress bad = seeds.start(torrent, content, TestSeeds::corrupted, 2_000_000);
        InetSocketAddress good = seeds.start(torrent, content, 500_000);
        Leecher leecher = leecher(bad, good);

        leecher.download();

        assertThat(leecher.content(torrent)).isEqualTo(content);
        assertThat(leecher.seen(SwarmEvent.PieceFailed.class)).isNotEmpty();
        assertThat(leecher.seen(SwarmEvent.Banned.class))
                .extracting(SwarmEvent.Banned::peer)
                .containsExactly(bad);
    }

    // ---- connections ----

    @Test
    void aSecondConnectionToAPeerIsNotDialledAgain() {
        AtomicInteger accepted = new AtomicInteger();
        DisposableServer server = seeds.script(
                LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape()),
                configured -> configured.tcp(tcp -> tcp.host("0.0.0.0").port(0)),
                wire -> {
                    accepted.incrementAndGet();
                    return wire.onClose();
                });
        Leecher leecher = leecher(TestSeeds.local(server.port()), new InetSocketAddress("127.0.0.2", server.port()));

        leecher.start();
        Mono.delay(Duration.ofMillis(3_500)).block(SOON); // the first wait is 1 s

        assertThat(accepted).hasValue(2);
    }

    @Test
    void aSeedThatStopsClosesItsWires() {
        Leecher leecher = leecher(seeds.start(torrent, content, 20_000));
        leecher.start();
        leecher.await(SwarmEvent.Connected.class, 1);

        seeds.dispose();

        assertThat(leecher.await(SwarmEvent.Disconnected.class, 1)).hasSize(1);
    }

    @Test
    void nothingIsDialledAfterTheClose() {
        AtomicInteger accepted = new AtomicInteger();
        DisposableServer server = seeds.script(torrent, 0, wire -> {
            accepted.incrementAndGet();
            return Mono.defer(wire::close); // it is dialled again after a while
        });
        Leecher leecher = leecher(TestSeeds.local(server.port()));
        leecher.start();
        leecher.await(SwarmEvent.Disconnected.class, 1);

        leecher.swarm.close().block(SOON);
        int before = accepted.get();
        Mono.delay(Duration.ofMillis(2_500)).block(SOON);

        assertThat(before).isPositive();
        assertThat(accepted).hasValue(before);
    }

    @Test
    void aTorrentCanBeSeededAgainOnTheSameHost() {
        SwarmHost host =
                TestSeeds.await(SwarmHost.create().listen("127.0.0.1", 0).bind());
        seeds.add(() -> host.close().subscribe());
        for (int i = 0; i < 2; i++) {
            Swarm seed = Swarm.of(torrent).host(host).connect();
            seed.seed(MemoryStore.of(torrent, content)).onErrorComplete().subscribe();
            Leecher leecher = leecher(host.address().orElseThrow());

            leecher.download();

            assertThat(leecher.content(torrent)).isEqualTo(content);
            leecher.swarm.close().block(SOON);
            seed.close().block(SOON);
            assertThat(host.swarms()).isZero();
        }
    }
}
