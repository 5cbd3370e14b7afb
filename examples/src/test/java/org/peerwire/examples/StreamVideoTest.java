/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.examples.SeedOfBytes.SOON;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import reactor.netty.DisposableServer;

/** The program serves ranges to curl while it downloads them. */
class StreamVideoTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    private Path temp;

    private final List<AutoCloseable> running = new ArrayList<>();
    private int calls;

    /** A program of the test, and its address. */
    private record Video(SeedOfBytes seed, Swarm swarm, int port) {
        byte[] bytes(int from, int to) {
            return Arrays.copyOfRange(seed.content, from, to);
        }
    }

    /** The answer to a call of curl. */
    private record Answer(String head, byte[] body) {}

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : running) {
            part.close();
        }
    }

    private Video video(int length, RateLimit upload) throws IOException {
        SeedOfBytes seed = new SeedOfBytes(temp, length, upload);
        Swarm swarm = Swarm.of(seed.torrent)
                .store(FileStore.in(temp.resolve("copy")))
                .peers(seed.address())
                .connect();
        DisposableServer server = StreamVideo.serve(swarm, seed.torrent, 0);
        running.add(() -> server.disposeNow(SOON));
        running.add(() -> swarm.close().block(SOON));
        running.add(seed);
        return new Video(seed, swarm, server.port());
    }

    private Process curl(Video video, Path head, Path body, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        command.addAll(List.of(options));
        command.addAll(List.of("-D", head.toString(), "-o", body.toString(), "http://127.0.0.1:" + video.port()));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private Answer get(Video video, String... options) throws Exception {
        Path head = temp.resolve("head" + ++calls);
        Path body = temp.resolve("body" + calls);
        Process curl = curl(video, head, body, options);
        assertThat(curl.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(curl.exitValue()).isZero();
        return new Answer(Files.readString(head), Files.exists(body) ? Files.readAllBytes(body) : new byte[0]);
    }

    @Test
    void answersRangesAsAPlayerAsksForThem() throws Exception {
        Video video = video(4 * MIB + 12_345, RateLimit.unlimited());
        int length = video.seed().content.length;

        Answer middle = get(video, "-r", "1000000-1999999");
        assertThat(middle.head())
                .startsWith("HTTP/1.1 206")
                .containsIgnoringCase("content-range: bytes 1000000-1999999/" + length)
                .containsIgnoringCase("accept-ranges: bytes");
        assertThat(middle.body()).isEqualTo(video.bytes(1_000_000, 2_000_000));

        Answer tail = get(video, "-r", "-100000");
        assertThat(tail.head()).startsWith("HTTP/1.1 206");
        assertThat(tail.body()).isEqualTo(video.bytes(length - 100_000, length));

        Answer open = get(video, "-r", "4000000-");
        assertThat(open.body()).isEqualTo(video.bytes(4_000_000, length));

        Answer first = get(video, "-r", "0-0");
        assertThat(first.body()).isEqualTo(video.bytes(0, 1));

        Answer whole = get(video);
        assertThat(whole.head()).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("content-range");
        assertThat(whole.body()).isEqualTo(video.seed().content);
    }

    @Test
    void answersHeadAndRefusesARangeAfterTheEnd() throws Exception {
        Video video = video(MIB, RateLimit.unlimited());

        Answer head = get(video, "-I");
        assertThat(head.head())
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-length: " + MIB)
                .containsIgnoringCase("accept-ranges: bytes");
        Answer beyond = get(video, "-r", MIB + "-");
        assertThat(beyond.head()).startsWith("HTTP/1.1 416").containsIgnoringCase("content-range: bytes */" + MIB);
        assertThat(beyond.body()).isEmpty();
        assertThat(get(video, "-H", "Range: bytes=5-2").head()).startsWith("HTTP/1.1 416");
        assertThat(get(video, "-r", "-0").head()).startsWith("HTTP/1.1 416");
        assertThat(get(video, "-H", "Range: lines=1-2").body()).isEqualTo(video.seed().content);
        assertThat(video.seed().sent()).isGreaterThanOrEqualTo(MIB).isLessThan(2 * MIB);
    }

    @Test
    void servesTwoRangesAtATimeAndReadsThemFromDiskTheSecondTime() throws Exception {
        Video video = video(8 * MIB, RateLimit.unlimited());
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");

        Process one = curl(video, temp.resolve("h1"), first, "-r", "0-3999999");
        Process two = curl(video, temp.resolve("h2"), second, "-r", "3000000-7999999");
        assertThat(one.waitFor(90, TimeUnit.SECONDS) && two.waitFor(90, TimeUnit.SECONDS))
                .isTrue();

        assertThat(first).hasBinaryContent(video.bytes(0, 4_000_000));
        assertThat(second).hasBinaryContent(video.bytes(3_000_000, 8_000_000));
        long sent = video.seed().sentWhenQuiet();
        assertThat(sent).isBetween(8_000_000L, 8_000_000L + 2 * SeedOfBytes.PIECE);
        assertThat(get(video, "-r", "100-7000000").body()).isEqualTo(video.bytes(100, 7_000_001));
        assertThat(video.seed().sent()).isEqualTo(sent);
    }

    @Test
    void seeksForwardWhileTheFileIsIncomplete() throws Exception {
        Video video = video(16 * MIB, RateLimit.of(MIB)); // the whole takes 16 s
        Path begun = temp.resolve("begun");
        Process player = curl(video, temp.resolve("h"), begun);
        SeedOfBytes.await(() -> begun.toFile().length() > 0);

        player.destroy();
        player.waitFor();
        Answer end = get(video, "-r", "16000000-16099999");

        assertThat(end.body()).isEqualTo(video.bytes(16_000_000, 16_100_000));
        assertThat(video.seed().sentWhenQuiet()).isLessThan(8 * MIB);
        assertThat(SeedOfBytes.stats(video.swarm()).pieces()).isLessThan(128);
    }

    @Test
    void aPlayerThatDoesNotReadStopsThePeers() throws Exception {
        Video video = video(64 * MIB, RateLimit.unlimited());
        try (Socket player = new Socket()) {
            player.setReceiveBufferSize(64 * 1024);
            player.connect(new InetSocketAddress("127.0.0.1", video.port()));
            player.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
            SeedOfBytes.await(() -> video.seed().sent() > MIB);

            assertThat(video.seed().sentWhenQuiet()).isLessThan(16 * MIB);
            assertThat(SeedOfBytes.stats(video.swarm()).held()).isLessThanOrEqualTo(64);
        }
        SeedOfBytes.await(() -> SeedOfBytes.stats(video.swarm()).held() == 0);
        assertThat(video.seed().sentWhenQuiet()).isLessThan(16 * MIB);
        assertThat(get(video, "-r", "60000000-60000009").body()).isEqualTo(video.bytes(60_000_000, 60_000_010));
    }
}
