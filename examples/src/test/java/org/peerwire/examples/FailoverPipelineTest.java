/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.FileStore;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** The program downloads six times its heap from seeds that die, in a process of its own. */
class FailoverPipelineTest {
    private static final int MIB = 1024 * 1024;
    private static final int SIZE = 300 * MIB;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path temp;

    private final Map<BlockRequest, AtomicInteger> written = new ConcurrentHashMap<>();
    private final List<DisposableServer> servers = new ArrayList<>();

    private Path data() throws IOException {
        byte[] chunk = new byte[MIB];
        Random random = new Random(7);
        Path file = temp.resolve("data.bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < SIZE / MIB; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        return file;
    }

    /** Serves blocks, and ends the wire in the middle of the one after the last. */
    private String seed(Torrent torrent, Path file, int blocks) {
        FileStore disk = FileStore.existing(file);
        disk.open(torrent, PieceSet.none(torrent.pieceCount())).block(PATIENCE);
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> {
                    AtomicInteger served = new AtomicInteger();
                    return wire.announce(PieceSet.all(torrent.pieceCount()))
                            .then(wire.outbound().send(new Message.Unchoke()))
                            .then(wire.blocks().serve(request -> read(wire, disk, request, served, blocks)));
                })
                .bindNow();
        servers.add(server);
        return "127.0.0.1:" + server.port();
    }

    private Mono<ByteBuf> read(Wire wire, BlockSource disk, BlockRequest request, AtomicInteger served, int blocks) {
        if (served.incrementAndGet() > blocks) {
            wire.dispose();
            return Mono.empty();
        }
        written.computeIfAbsent(request, first -> new AtomicInteger()).incrementAndGet();
        return disk.read(request);
    }

    @Test
    void downloadsMoreThanItsHeapWhileItsSeedsDie() throws Exception {
        Path file = data();
        Torrent torrent =
                Torrent.create(file, TorrentOptions.builder().pieceLength(MIB).build());
        Path metainfo = Files.write(temp.resolve("x.torrent"), torrent.encode());
        Path copy = temp.resolve("copy");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                FailoverPipeline.class.getName(),
                metainfo.toString(),
                copy.toString(),
                seed(torrent, file, Integer.MAX_VALUE),
                seed(torrent, file, 700),
                seed(torrent, file, 3_000),
                seed(torrent, file, 5_000)));
        Path output = temp.resolve("output.txt");

        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        program.destroyForcibly();
        servers.forEach(server -> server.disposeNow(SOON));

        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(Files.readString(output)).contains("downloaded " + SIZE / 16_384 + " blocks");
        assertThat(Files.mismatch(copy.resolve("data.bin"), file)).isEqualTo(-1);
        assertThat(written).hasSize(SIZE / 16_384);
    }
}
