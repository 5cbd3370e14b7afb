/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.ChokeStrategy;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.MemoryStore;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.PeerScore;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.PeerStats;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snippets of the chapter "A swarm". */
class SwarmTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PIECE = 32 * 1024;

    @TempDir
    private Path temp;

    private final Disposable.Composite running = Disposables.composite();
    private final Map<Integer, byte[]> stored = new ConcurrentHashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private byte[] content;
    private Torrent torrent;
    private InetSocketAddress address;

    @BeforeEach
    void seed() throws Exception {
        content = new byte[20 * PIECE + 5];
        new Random(1).nextBytes(content);
        Path data = Files.write(temp.resolve("data.bin"), content);
        torrent =
                Torrent.create(data, TorrentOptions.builder().pieceLength(PIECE).build());
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(SOON));
        Swarm swarm = Swarm.of(torrent).host(host).connect();
        running.add(swarm);
        running.add(swarm.seed(FileStore.existing(data)).subscribe());
        running.add(() -> host.close().subscribe());
        address = host.address().orElseThrow();
    }

    @AfterEach
    void stop() {
        running.dispose();
    }

    /** The object store of a user. */
    private final class Bucket {
        Mono<Void> put(int index, ByteBuf data) {
            return Mono.delay(Duration.ofMillis(5))
                    .then(Mono.fromRunnable(() -> stored.put(index, ByteBufUtil.getBytes(data))));
        }
    }

    /** The trackers of a user. */
    private Flux<PeerEvent> peersOfTracker() {
        return Flux.just(new PeerEvent.Added(address));
    }

    private Swarm leech() {
        Swarm swarm = Swarm.of(torrent)
                .options(SwarmOptions.builder().piecesInFlight(2).build())
                .peers(address)
                .connect();
        running.add(swarm);
        return swarm;
    }

    @Test
    void piecesGoToABucket() {
        Flux<PeerEvent> discovered = Flux.just(new PeerEvent.Added(address));
        Bucket bucket = new Bucket();

        // tag::build[]
        Swarm swarm = Swarm.of(torrent) // or of(magnet): then the metadata is fetched first
                .discover(PeerSource.TRACKER, peersOfTracker())
                .discover(discovered) // any publisher of PeerEvent
                .peers(address)
                .connect(); // nothing happens before a subscription
        // end::build[]
        // tag::pieces[]
        Mono<Void> copy = swarm.pieces() // verified, each once, no more than downstream takes
                .concatMap(piece -> bucket.put(piece.index(), piece.data()), 1) // a slow bucket slows every peer
                .then(swarm.close());
        // end::pieces[]
        copy.block(SOON);

        assertThat(stored).hasSize(21);
        stored.forEach((index, bytes) ->
                assertThat(torrent.verify(index, ByteBuffer.wrap(bytes))).isTrue());
    }

    @Test
    void aMagnetLinkBecomesFiles() {
        MagnetLink magnet = torrent.magnet().withPeers(List.of(address));
        Path downloads = temp.resolve("downloads");

        // tag::files[]
        Swarm swarm = Swarm.of(magnet)
                .options(SwarmOptions.builder()
                        .patience(Patience.of(Duration.ofMinutes(2)))
                        .build())
                .connect();
        Mono<Void> download = swarm.download(FileStore.in(downloads)).then(swarm.close());
        // end::files[]
        download.block(SOON);

        assertThat(downloads.resolve("data.bin")).hasBinaryContent(content);
    }

    @Test
    void anOrderSelectsPieces() {
        Swarm swarm = leech();

        // tag::orders[]
        Flux<Piece> stream = swarm.pieces(PieceOrder.sequential(8).bytes(100_000, 300_000));
        Flux<Piece> firstFile = swarm.pieces(PieceOrder.rarestFirst().files(FileSelection.parse("0")));
        Flux<Piece> soon = swarm.pieces(PieceOrder.random().deadline(3, Duration.ofSeconds(2)));
        // end::orders[]

        assertThat(stream.map(Piece::index).collectList().block(SOON)).containsExactly(3, 4, 5, 6, 7, 8, 9);
        assertThat(firstFile.count().block(SOON)).isEqualTo(21);
        assertThat(soon.map(Piece::index).take(4).collectList().block(SOON)).contains(3);
    }

    @Test
    void aHostServesManySwarms() {
        // tag::host[]
        Mono<SwarmHost> bound = SwarmHost.create()
                .listen("127.0.0.1", 0) // 6881 in production
                .maxWires(1_000)
                .upload(RateLimit.of(10 * 1024 * 1024))
                .bind();
        // end::host[]
        SwarmHost host = Objects.requireNonNull(bound.block(SOON));
        MemoryStore mine = MemoryStore.of(torrent, content);
        // tag::seed[]
        Swarm swarm = Swarm.of(torrent).host(host).connect();
        Disposable seeding = swarm.seed(mine).subscribe(); // until it is disposed or the swarm is closed
        // end::seed[]
        running.add(seeding);
        running.add(swarm);

        InetSocketAddress here = host.address().orElseThrow();
        Swarm other = Swarm.of(torrent).peers(here).connect();
        assertThat(other.pieces().count().block(SOON)).isEqualTo(21);
        other.close().then(swarm.close()).then(host.close()).block(SOON);
    }

    @Test
    void strategiesAreFunctions() {
        // tag::strategies[]
        PieceOrder lastFirst = PieceOrder.by(choice -> choice.candidates().length() - 1);
        SwarmOptions generous = SwarmOptions.builder()
                .choking(ChokeStrategy.random())
                .score(known -> PeerScore.standard().score(known) + (isNear(known.address()) ? 32 : 0))
                .uploadSlots(20)
                .build();
        // end::strategies[]
        Swarm swarm = Swarm.of(torrent)
                .options(generous.toBuilder().piecesInFlight(2).build())
                .peers(address)
                .connect();
        running.add(swarm);

        assertThat(swarm.pieces(lastFirst)
                        .map(Piece::index)
                        .take(1)
                        .collectList()
                        .block(SOON))
                .allMatch(index -> index > 10);
    }

    private static boolean isNear(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress();
    }

    @Test
    void factsDecideAboutABan() {
        Swarm swarm = leech();
        List<SwarmEvent> seen = new CopyOnWriteArrayList<>();
        running.add(swarm.events().subscribe(seen::add));
        swarm.pieces().blockLast(SOON);

        // tag::ban[]
        Mono<Void> review = swarm.stats()
                .flatMapIterable(stats -> stats.peers())
                .filter(SwarmTest::isUseless)
                .doOnNext(peer -> swarm.ban(peer.id(), "it sends what others have sent"))
                .then();
        // end::ban[]
        review.block(SOON);

        assertThat(seen).anyMatch(SwarmEvent.Connected.class::isInstance);
        assertThat(seen.stream().filter(SwarmEvent.PieceVerified.class::isInstance))
                .hasSize(21);
        assertThat(seen).noneMatch(SwarmEvent.Banned.class::isInstance);
    }

    // tag::ban[]
    private static boolean isUseless(PeerStats peer) {
        return peer.wasted() > peer.received() && peer.wasted() > 1024 * 1024;
    }
    // end::ban[]

    @Test
    void nobodyToAskIsAnError() {
        SwarmOptions hasty = SwarmOptions.builder()
                .patience(Patience.of(Duration.ofSeconds(30)))
                .build();
        Swarm swarm = Swarm.of(torrent).options(hasty).connect();
        // tag::errors[]
        Flux<Piece> pieces = swarm.pieces().doOnError(SwarmException.class, e -> {
            switch (e.reason()) {
                case NO_PEERS, UNREACHABLE, NO_PROGRESS -> retryLater(e.getMessage());
                case PORT, INCOMPLETE, UNSUPPORTED, CLOSED -> giveUp(e.getMessage());
            }
        });
        // end::errors[]

        assertThatThrownBy(() -> pieces.blockLast(SOON)).isInstanceOf(SwarmException.class);
        assertThat(lines).hasSize(1).allMatch(line -> line.startsWith("retry: "));
        swarm.dispose();
    }

    private void retryLater(String message) {
        lines.add("retry: " + message);
    }

    private void giveUp(String message) {
        lines.add("give up: " + message);
    }
}
