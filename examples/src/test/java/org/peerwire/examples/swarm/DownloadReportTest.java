/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests what people are told of a download, over real TCP on the loopback interface. */
class DownloadReportTest {
    private static final int LENGTH = 10 * TestData.PIECE_LENGTH + 123;

    @TempDir
    private Path temp;

    private final TestSeeds seeding = new TestSeeds();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        seeding.dispose();
    }

    private SwarmEvent.Completed download(Torrent torrent, InetSocketAddress peer, SwarmEvent.Listener listener) {
        SwarmSettings settings = SwarmSettings.dialling(List.of(peer));
        return TestData.await(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, listener).run());
    }

    @Test
    void theOnlyPeerThatSentABadPieceIsTheReasonOfTheEnd() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress bad = seeding.start(torrent, source, BadSeed::new);

        assertThatThrownBy(() -> download(torrent, bad, events::add))
                .hasMessageStartingWith("the only peer sent bad data: 127.0.0.1:" + bad.getPort() + ": it sent piece ");
    }

    @Test
    void nothingIsToldAfterTheCompletion() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Queue<Wire> served = new ConcurrentLinkedQueue<>();
        InetSocketAddress seed = seedOnOtherThreads(torrent, source, served);

        download(torrent, seed, event -> {
            events.add(event);
            if (event instanceof SwarmEvent.Completed) {
                served.forEach(Wire::dispose);
                spin(Duration.ofSeconds(1)); // until the end of the wire waits for the swarm's thread
            }
        });

        assertThat(new ArrayList<>(events).get(events.size() - 1)).isInstanceOf(SwarmEvent.Completed.class);
    }

    /** Serves without a swarm, whose thread is that of the download. */
    private InetSocketAddress seedOnOtherThreads(Torrent torrent, Path source, Queue<Wire> served) {
        Uploads uploads = new Uploads();
        uploads.offer(PieceSet.all(torrent.pieceCount()), Storage.reading(torrent, source)::read);
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = WireServer.create()
                .tcp(tcp -> tcp.host("127.0.0.1").port(0))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> {
                    served.add(wire);
                    uploads.tell(wire);
                    return uploads.serve(wire);
                })
                .bindNow();
        seeding.add(server);
        return TestData.local(server.port());
    }

    /** Keeps a thread busy that must not block. */
    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {}
    }

    @Test
    void paddingIsNotCounted() throws IOException, NoSuchAlgorithmException {
        int piece = TestData.PIECE_LENGTH;
        Path folder = temp.resolve("things");
        byte[] all = new byte[2 * piece + 5];
        Arrays.fill(all, 0, piece + 1, (byte) 1);
        Arrays.fill(all, 2 * piece, all.length, (byte) 2);
        Files.createDirectories(folder);
        Files.write(folder.resolve("a"), Arrays.copyOf(all, piece + 1));
        Files.write(folder.resolve("b"), Arrays.copyOfRange(all, 2 * piece, all.length));
        Torrent torrent = Torrent.fromInfo(BencodeValue.dictionary(Map.of(
                        "name", BencodeValue.of("things"),
                        "piece length", BencodeValue.of(piece),
                        "pieces", BencodeValue.of(hashes(all, piece)),
                        "files",
                                BencodeValue.list(List.of(
                                        file(piece + 1, "", "a"),
                                        file(piece - 1, "p", ".pad", "1"),
                                        file(5, "", "b")))))
                .encoded());
        InetSocketAddress seed = seeding.start(torrent, folder);

        SwarmEvent.Completed completed = download(torrent, seed, events::add);

        assertThat(completed.bytes()).isEqualTo(piece + 6);
        assertThat(Contents.of(torrent).files()).isEqualTo(2);
        SwarmEvent.Progress last = events.stream()
                .filter(SwarmEvent.Progress.class::isInstance)
                .map(SwarmEvent.Progress.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last.bytes()).isEqualTo(piece + 6);
        assertThat(last.total()).isEqualTo(piece + 6);
    }

    private static BencodeValue file(long length, String attributes, String... path) {
        Map<String, BencodeValue> file = new HashMap<>();
        file.put("length", BencodeValue.of(length));
        file.put(
                "path",
                BencodeValue.list(Arrays.stream(path).map(BencodeValue::of).toList()));
        if (!attributes.isEmpty()) {
            file.put("attr", BencodeValue.of(attributes));
        }
        return BencodeValue.dictionary(file);
    }

    private static byte[] hashes(byte[] all, int piece) throws NoSuchAlgorithmException {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] hashes = new byte[20 * ((all.length + piece - 1) / piece)];
        for (int i = 0; i * 20 < hashes.length; i++) {
            sha1.update(all, i * piece, Math.min(piece, all.length - i * piece));
            System.arraycopy(sha1.digest(), 0, hashes, i * 20, 20);
        }
        return hashes;
    }
}
