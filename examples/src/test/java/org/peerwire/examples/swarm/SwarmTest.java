/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

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
import org.peerwire.BlockSource;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireServer;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

/** Tests seeds and leechers over real TCP on the loopback interface. */
class SwarmTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int LENGTH = 40 * TestData.PIECE_LENGTH + 123;

    @TempDir
    private Path temp;

    private final Disposable.Composite running = Disposables.composite();
    private final TestSeeds seeding = new TestSeeds();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        running.dispose();
        seeding.dispose();
    }

    private SwarmEvent.Completed download(Target target, InetSocketAddress... peers) {
        SwarmSettings settings = SwarmSettings.dialling(List.of(peers));
        return TestData.await(new Downloader(target, temp.resolve("copy"), settings, events::add).run());
    }

    private <T extends SwarmEvent> List<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void aFolderIsDownloadedFromAMagnetLink() throws IOException {
        Path source = TestData.folder(temp.resolve("source").resolve("things"));
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress seed = seeding.start(torrent, source);
        MagnetLink link =
                MagnetLink.parse(torrent.magnet().withPeers(List.of(seed)).toString());

        SwarmEvent.Completed completed = download(Target.of(link));

        assertThat(completed.perPeer()).containsOnlyKeys(seed).containsValue(torrent.length());
        for (String name : List.of("a.bin", "b/long.bin", "b/none.bin", "c.bin", "d.bin")) {
            assertThat(completed.path().resolve(name)).hasSameBinaryContentAs(source.resolve(name));
        }
        assertThat(seen(SwarmEvent.MetadataReceived.class)).hasSize(1);
    }

    @Test
    void aFileIsDownloadedFromSeveralSeedsAtOnce() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        UnaryOperator<BlockSource> slow = blocks -> new Throttle(blocks, 1024 * 1024);
        InetSocketAddress first = seeding.start(torrent, source, slow);
        InetSocketAddress second = seeding.start(torrent, source, slow);

        SwarmEvent.Completed completed = download(Target.of(torrent), first, second);

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(completed.perPeer()).containsOnlyKeys(first, second);
        assertThat(seen(SwarmEvent.PieceDone.class)).hasSize(torrent.pieceCount());
    }

    @Test
    void aDownloadUsesEncryptedWires() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        SwarmSettings accepting = SwarmSettings.accepting("127.0.0.1", 0).withEncryption(EncryptionPolicy.REQUIRE);
        InetSocketAddress seed = seeding.start(torrent, source, UnaryOperator.identity(), accepting);

        SwarmEvent.Completed completed = download(Target.of(torrent), seed);

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(completed.perPeer()).containsOnlyKeys(seed);
    }

    @Test
    void anInterruptedDownloadResumes() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        byte[] half = Files.readAllBytes(source);
        half[3] ^= 1;
        Files.createDirectories(temp.resolve("copy"));
        Files.write(temp.resolve("copy").resolve("file.bin"), Arrays.copyOf(half, 20 * TestData.PIECE_LENGTH));

        SwarmEvent.Completed completed = download(Target.of(torrent), seeding.start(torrent, source));

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(seen(SwarmEvent.Checked.class)).containsExactly(new SwarmEvent.Checked(19, 41));
        assertThat(seen(SwarmEvent.PieceDone.class)).hasSize(22);
    }

    @Test
    void aCompleteDownloadNeedsNoPeers() throws IOException {
        Path source = TestData.file(temp.resolve("copy").resolve("file.bin"), LENGTH);

        SwarmEvent.Completed completed = download(Target.of(TestData.torrent(source)), TestData.local(1));

        assertThat(completed.perPeer()).isEmpty();
        assertThat(seen(SwarmEvent.PieceDone.class)).isEmpty();
    }

    @Test
    void aCompleteDownloadNeedsNoAddressEither() throws IOException {
        Path source = TestData.file(temp.resolve("copy").resolve("file.bin"), LENGTH);

        assertThat(download(Target.of(TestData.torrent(source))).perPeer()).isEmpty();
    }

    @Test
    void unrelatedDataIsOverwrittenOnlyOnRequest() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Path other = TestData.file(temp.resolve("copy").resolve("file.bin"), LENGTH - 1);

        InetSocketAddress seed = seeding.start(torrent, source);

        assertThatThrownBy(() -> download(Target.of(torrent), seed)).hasMessageContaining("use --overwrite");
        assertThat(other).hasSize(LENGTH - 1);
        SwarmSettings settings = SwarmSettings.dialling(List.of(seed)).withOverwrite(true);
        TestData.await(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, events::add).run());

        assertThat(seen(SwarmEvent.Overwriting.class)).containsExactly(new SwarmEvent.Overwriting(other, 41));
    }

    @Test
    void aSecondConnectionToAPeerIsNotDialledAgain() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), LENGTH));
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        AtomicInteger accepted = new AtomicInteger();
        DisposableServer server = WireServer.create()
                .tcp(tcp -> tcp.host("0.0.0.0").port(0))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> {
                    accepted.incrementAndGet();
                    return wire.onClose();
                })
                .bindNow();
        running.add(server);
        InetSocketAddress one = TestData.local(server.port());
        InetSocketAddress two = new InetSocketAddress("127.0.0.2", server.port());
        SwarmSettings settings = SwarmSettings.dialling(List.of(one, two));

        new Downloader(Target.of(torrent), temp.resolve("copy"), settings, events::add)
                .run()
                .ignoreElement()
                .takeUntilOther(Mono.delay(Duration.ofMillis(3_500))) // the first wait is 1 s
                .block(SOON);

        assertThat(accepted).hasValue(2);
    }

    @Test
    void aSeedThatSendsABadPieceIsDroppedAndTheDownloadCompletes() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress bad = seeding.start(torrent, source, blocks -> new BadSeed(new Throttle(blocks, 2_000_000)));
        InetSocketAddress good = seeding.start(torrent, source, blocks -> new Throttle(blocks, 500_000));

        SwarmEvent.Completed completed = download(Target.of(torrent), bad, good);

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(seen(SwarmEvent.PieceBad.class)).isNotEmpty();
        assertThat(seen(SwarmEvent.Dropped.class))
                .extracting(SwarmEvent.Dropped::peer)
                .containsExactly(bad);
    }

    @Test
    void aLeecherServesWhatItHas() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress seed = seeding.start(torrent, source, blocks -> new Throttle(blocks, 300_000));
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0).withPeers(List.of(seed));
        Downloader middle = new Downloader(Target.of(torrent), temp.resolve("middle"), settings, event -> {
            if (event instanceof SwarmEvent.Listening here) {
                listening.tryEmitValue(here.address());
            }
        });
        running.add(middle.run().subscribe());
        InetSocketAddress leecher = TestData.await(listening.asMono());

        new Downloader(Target.of(torrent), temp.resolve("copy"), SwarmSettings.dialling(List.of(leecher)), events::add)
                .run()
                .ignoreElement()
                .takeUntilOther(firstPiece())
                .block(SOON);

        assertThat(seen(SwarmEvent.PieceDone.class)).isNotEmpty();
    }

    /** Completes when the download has verified its first piece. */
    private Mono<Long> firstPiece() {
        return Flux.interval(Duration.ofMillis(20))
                .filter(tick -> !seen(SwarmEvent.PieceDone.class).isEmpty())
                .next();
    }

    @Test
    void theMetadataAloneCanBeFetched() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        MagnetLink link = torrent.magnet().withPeers(List.of(seeding.start(torrent, source)));

        Torrent fetched =
                TestData.await(new Watcher(Target.of(link), SwarmSettings.dialling(List.of()), events::add).metadata());

        assertThat(fetched.hashes()).isEqualTo(torrent.hashes());
        assertThat(fetched.info()).isEqualTo(torrent.info());
    }

    @Test
    void incompleteDataIsNotSeeded() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Files.write(source, new byte[LENGTH - 1]);

        assertThatThrownBy(() -> seeding.start(torrent, source))
                .hasMessageContaining("41 of 41 pieces are missing or wrong");
    }

    @Test
    void aDownloadWithoutAnyPeerFailsAtOnce() throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), LENGTH));

        assertThatThrownBy(() -> download(Target.of(torrent))).hasMessageContaining("no peers");
    }

    @Test
    void aSeedThatStopsClosesItsWires() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress seed = seeding.start(torrent, source, blocks -> new Throttle(blocks, 20_000));
        Sinks.Empty<Void> connected = Sinks.empty();
        Sinks.Empty<Void> lost = Sinks.empty();
        SwarmSettings settings = SwarmSettings.dialling(List.of(seed));
        running.add(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {
                    if (event instanceof SwarmEvent.Connected) {
                        connected.tryEmitEmpty();
                    } else if (event instanceof SwarmEvent.Disconnected) {
                        lost.tryEmitEmpty();
                    }
                })
                .run()
                .subscribe());
        connected.asMono().block(SOON);

        seeding.dispose();

        StepVerifier.create(lost.asMono()).expectComplete().verify(SOON);
    }

    @Test
    void aStoppedSeedCanRunAgain() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Seeder seeder = new Seeder(torrent, source, SwarmSettings.accepting("127.0.0.1", 0), events::add);
        seeder.run().takeUntilOther(listening(1)).block(SOON);
        seeding.add(seeder.run().subscribe());
        listening(2).block(SOON);

        SwarmEvent.Completed completed = download(
                Target.of(torrent), seen(SwarmEvent.Listening.class).get(1).address());

        assertThat(completed.path()).hasSameBinaryContentAs(source);
    }

    private Mono<Long> listening(int times) {
        return Flux.interval(Duration.ofMillis(20))
                .filter(tick -> seen(SwarmEvent.Listening.class).size() == times)
                .next();
    }

    @Test
    void noProgressFollowsTheCompletion() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        SwarmSettings settings = SwarmSettings.dialling(List.of(seeding.start(torrent, source)));

        TestData.await(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {
                    events.add(event);
                    if (event instanceof SwarmEvent.Completed) {
                        spin(Duration.ofMillis(400)); // longer than the period of the progress timer
                    }
                })
                .run());

        assertThat(List.copyOf(events).get(events.size() - 1)).isInstanceOf(SwarmEvent.Completed.class);
    }

    /** Keeps a thread busy that must not block. */
    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {}
    }
}
