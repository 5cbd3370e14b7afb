/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.metadata.Torrent;

/** Pieces over real sockets. */
class SwarmPiecesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PIECE = 64 * 1024;

    private final byte[] content = TestTorrents.bytes(40 * PIECE + 1234);
    private final Torrent torrent = TestTorrents.of(content, PIECE);
    private final TestSeeds running = new TestSeeds();

    @AfterEach
    void stop() {
        running.dispose();
    }

    private InetSocketAddress seed() {
        return running.start(torrent, content);
    }

    private Swarm leech(InetSocketAddress... peers) {
        Swarm swarm = Swarm.of(torrent).peers(peers).connect();
        running.add(swarm);
        return swarm;
    }

    private byte[] join(Map<Integer, byte[]> pieces) {
        byte[] all = new byte[content.length];
        pieces.forEach((index, bytes) -> System.arraycopy(bytes, 0, all, index * PIECE, bytes.length));
        return all;
    }

    @Test
    void everyPieceIsEmittedOnce() {
        List<Piece> pieces = Objects.requireNonNull(
                leech(seed(), seed()).pieces().collectList().block(SOON));

        assertThat(pieces).extracting(Piece::index).doesNotHaveDuplicates().hasSize(41);
        Map<Integer, byte[]> bytes = new TreeMap<>();
        pieces.forEach(piece -> bytes.put(piece.index(), ByteBufUtil.getBytes(piece.data())));
        assertThat(join(bytes)).isEqualTo(content);
    }

    @Test
    void aSequentialOrderEmitsInOrder() {
        List<Integer> pieces = leech(seed(), seed())
                .pieces(PieceOrder.sequential(8))
                .map(Piece::index)
                .collectList()
                .block(SOON);

        assertThat(pieces).isSorted().hasSize(41);
    }

    @Test
    void aDownloadFillsTheStoreAndServesOthers() {
        BytesStore store = new BytesStore(null);
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(SOON));
        Swarm first = Swarm.of(torrent).host(host).peers(seed()).connect();
        running.add(first);

        first.download(store).block(SOON);

        assertThat(join(store.pieces)).isEqualTo(content);
        BytesStore second = new BytesStore(null);
        leech(host.address().orElseThrow()).download(second).block(SOON);
        assertThat(join(second.pieces)).isEqualTo(content);
        first.close().block(SOON);
        assertThat(store.closed).isTrue();
        host.close().block(SOON);
    }

    @Test
    void aMagnetLinkIsEnough() {
        Swarm swarm = Swarm.of(torrent.magnet().withPeers(List.of(seed()))).connect();
        running.add(swarm);

        assertThat(swarm.torrent().block(SOON)).isEqualTo(torrent);
        assertThat(swarm.pieces().count().block(SOON)).isEqualTo(41);
    }

    @Test
    void aTaskWithoutMemoryEndsTheSwarm() {
        Swarm swarm = leech(seed());
        CompletableFuture<Thread> choosing = new CompletableFuture<>();
        PieceOrder order = PieceOrder.by(choice -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> choosing.complete(thread));
            throw new OutOfMemoryError("a test");
        });

        assertThatThrownBy(() -> swarm.pieces(order).blockLast(SOON))
                .isInstanceOf(SwarmException.class)
                .hasMessageContaining("OutOfMemoryError: a test; allow more memory")
                .hasCauseInstanceOf(OutOfMemoryError.class);
        choosing.orTimeout(5, TimeUnit.SECONDS).join().setUncaughtExceptionHandler(null);
        assertThatThrownBy(() -> swarm.pieces().blockLast(SOON)).isInstanceOf(SwarmException.class);
    }

    /** The seed gives its upload slots every 10 seconds. */
    @Test
    void oneRangeAfterAnotherKeepsTheUploadSlot() {
        Swarm swarm = leech(seed());

        for (int range = 0; range < 4; range++) {
            PieceOrder order = PieceOrder.sequential(8).bytes(range * 8L * PIECE, range * 8L * PIECE + 1);
            assertThat(swarm.pieces(order).count().block(Duration.ofSeconds(5))).isEqualTo(1);
        }
    }

    @Test
    void aPieceWithADeadlineComesBeforeOthers() {
        Swarm swarm = Swarm.of(torrent)
                .options(SwarmOptions.builder().piecesInFlight(2).build())
                .peers(seed())
                .connect();
        running.add(swarm);
        assertThat(swarm.pieces().count().block(SOON)).isEqualTo(41); // unchoked from here on

        for (int i = 0; i < 4; i++) {
            PieceOrder order = PieceOrder.random().deadline(3, Duration.ofSeconds(2));
            assertThat(swarm.pieces(order)
                            .map(Piece::index)
                            .take(4)
                            .collectList()
                            .block(SOON))
                    .contains(3);
        }
    }
}
