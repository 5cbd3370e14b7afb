/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A process of 48 MiB takes 300 MiB from two seeds, one piece of 8 MiB a second. */
class BoundedMemoryTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MIB = 1024 * 1024;
    private static final int PIECE = 8 * MIB;
    private static final int LENGTH = 300 * MIB;
    private static final int PIECES = (LENGTH + PIECE - 1) / PIECE;
    private static final int IN_FLIGHT = 2;

    @TempDir
    private Path temp;

    private final byte[] base = TestTorrents.bytes(PIECE);
    private final AtomicLong served = new AtomicLong();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong mostAhead = new AtomicLong();
    private final Disposable.Composite running = Disposables.composite();

    @AfterEach
    void stop() {
        running.dispose();
    }

    private byte[] bytes(int piece, int offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (base[offset + i] ^ piece);
        }
        return bytes;
    }

    private static int length(int piece) {
        return Math.min(PIECE, LENGTH - piece * PIECE);
    }

    private Torrent torrent() throws Exception {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(
                ("d6:lengthi" + LENGTH + "e4:name4:many12:piece lengthi" + PIECE + "e6:pieces" + 20 * PIECES + ":")
                        .getBytes(StandardCharsets.US_ASCII));
        for (int piece = 0; piece < PIECES; piece++) {
            info.writeBytes(MessageDigest.getInstance("SHA-1").digest(bytes(piece, 0, length(piece))));
        }
        info.write('e');
        return Torrent.fromInfo(info.toByteArray());
    }

    /** Computed pieces. Counts what is served before the consumer has taken it. */
    private final class ComputedStore implements PieceStore {
        @Override
        public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
            return Mono.just(PieceSet.all(PIECES));
        }

        @Override
        public Mono<Void> write(Piece piece) {
            return Mono.empty();
        }

        @Override
        public Mono<ByteBuf> read(BlockRequest request) {
            return Mono.fromSupplier(() -> {
                long ahead = served.addAndGet(request.length()) - (long) taken.get() * PIECE;
                mostAhead.accumulateAndGet(ahead, Math::max);
                return Unpooled.wrappedBuffer(bytes(request.piece(), request.offset(), request.length()));
            });
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }

    private String seed(Torrent torrent) {
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(SOON));
        Swarm swarm = Swarm.of(torrent).host(host).connect();
        running.add(swarm);
        running.add(swarm.seed(new ComputedStore()).subscribe());
        running.add(() -> host.close().subscribe());
        return "" + host.address().orElseThrow().getPort();
    }

    @Test
    @Timeout(180)
    void aSlowConsumerStopsThePeers() throws Exception {
        Torrent torrent = torrent();
        Path metainfo = Files.write(temp.resolve("x.torrent"), torrent.encode());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                SlowConsumer.class.getName(),
                metainfo.toString(),
                seed(torrent),
                seed(torrent)));
        Process consumer = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        running.add(consumer::destroyForcibly);
        running.add(Schedulers.parallel().schedule(consumer::destroyForcibly, 150, TimeUnit.SECONDS));

        Map<Integer, String> hashes = new HashMap<>();
        int mostHeld = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(consumer.getInputStream(), StandardCharsets.US_ASCII))) {
            String line;
            while ((line = lines.readLine()) != null) {
                String[] words = line.split(" ");
                if (words[0].equals("took")) {
                    taken.incrementAndGet();
                    assertThat(hashes.put(Integer.parseInt(words[1]), words[2])).isNull();
                } else {
                    mostHeld = Math.max(mostHeld, Integer.parseInt(words[1]));
                }
            }
        }

        assertThat(consumer.waitFor()).as("took %s pieces", taken).isZero();
        assertThat(hashes).hasSize(PIECES);
        hashes.forEach((piece, hash) ->
                assertThat(hash).as("piece " + piece).isEqualTo(SlowConsumer.hash(bytes(piece, 0, length(piece)))));
        assertThat(mostHeld).isLessThanOrEqualTo(IN_FLIGHT);
        // the demand of one piece, those in flight, and one that was taken but is not counted yet
        assertThat(mostAhead.get()).isLessThanOrEqualTo((1 + IN_FLIGHT + 1) * (long) PIECE);
        assertThat(served.get()).isLessThanOrEqualTo(LENGTH + PIECE);
    }
}
