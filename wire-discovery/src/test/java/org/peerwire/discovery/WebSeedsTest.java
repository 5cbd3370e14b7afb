/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceStats;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmOptions;

/** Swarms without peers that download from a web server on the loopback interface. Attacks. */
class WebSeedsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PIECE = 32 * 1024;
    private static final WebSeedOptions LOCAL =
            WebSeedOptions.builder().allowLocal(true).build();

    private final WebServer server = new WebServer();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        server.dispose();
    }

    private List<RangeSource> seed(String path) {
        return WebSeeds.of(List.of(server.url(path)), LOCAL);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Result(byte[] content, SourceStats stats) {}

    private Result download(Torrent torrent, List<RangeSource> sources) {
        Swarm swarm = Swarm.of(torrent)
                .sources(sources)
                .options(SwarmOptions.builder()
                        .patience(Patience.of(Duration.ofSeconds(20)))
                        .build())
                .connect();
        swarm.events().subscribe(events::add);
        try {
            byte[] content = new byte[(int) torrent.length()];
            swarm.pieces()
                    .doOnNext(piece -> piece.data()
                            .getBytes(
                                    0,
                                    content,
                                    piece.index() * torrent.pieceLength(),
                                    piece.data().readableBytes()))
                    .then()
                    .block(SOON);
            SourceStats stats = swarm.stats().map(all -> all.sources().get(0)).block(SOON);
            return new Result(content, stats);
        } finally {
            swarm.close().block(SOON);
        }
    }

    // ---- downloads ----

    @Test
    void aFileIsDownloadedWithoutPeers() {
        byte[] content = SeedTorrents.bytes(40 * PIECE + 123);
        Torrent torrent = SeedTorrents.file("a b.bin", content, PIECE);
        server.file("/pub/a%20b.bin", content);

        Result result = download(torrent, seed("/pub/"));

        assertThat(result.content()).isEqualTo(content);
        assertThat(result.stats().received()).isEqualTo(content.length);
        assertThat(result.stats().name()).isEqualTo(server.url("/pub/"));
        assertThat(result.stats().failures()).isZero();
        assertThat(server.requests).allMatch(request -> request.contains(" bytes="));
        assertThat(server.taken).hasValue(content.length);
        assertThat(events).contains(new SwarmEvent.SourceConnected(server.url("/pub/")));
    }

    /** The padding is on no server (BEP 47): it must not be requested, and counts as zeros. */
    @Test
    void aFolderWithPaddingIsDownloaded() {
        int first = PIECE + 1_000;
        int padding = PIECE - 1_000;
        int last = 3 * PIECE + 5;
        byte[] a = SeedTorrents.bytes(first);
        byte[] c = SeedTorrents.bytes(last);
        byte[] content = Arrays.copyOf(a, first + padding + last);
        System.arraycopy(c, 0, content, first + padding, last);
        Torrent torrent = SeedTorrents.folder(
                "things",
                List.of("a", ".pad/" + padding, "empty", "b/c"),
                List.of(first, padding, 0, last),
                content,
                PIECE);
        server.file("/things/a", a).file("/things/b/c", c);

        Result result = download(torrent, seed("/"));

        assertThat(result.content()).isEqualTo(content);
        assertThat(result.stats().failures()).isZero();
        assertThat(server.requests)
                .allMatch(request -> request.startsWith("/things/a ") || request.startsWith("/things/b/c "));
    }

    @Test
    void aRedirectIsFollowed() {
        byte[] content = SeedTorrents.bytes(3 * PIECE);
        Torrent torrent = SeedTorrents.file("x", content, PIECE);
        server.redirect("/0", "1").redirect("/1", "/2").redirect("/2", server.url("/3"));
        server.redirect("/3", "/4").redirect("/4", "/5").file("/5", content);

        Result result = download(torrent, seed("/0"));

        assertThat(result.content()).isEqualTo(content);
    }

    @Test
    void aServerWithoutRangesIsUsedForASmallFile() {
        byte[] content = SeedTorrents.bytes(30 * PIECE);
        Torrent torrent = SeedTorrents.file("x", content, PIECE);
        server.withoutRanges().file("/x", content);

        Result result = download(torrent, seed("/x"));

        assertThat(result.content()).isEqualTo(content);
        assertThat(result.stats().failures()).isZero();
    }

    @Test
    void aServerThatLacksOneFileIsUsedForTheOthers() {
        byte[] content = SeedTorrents.bytes(60 * PIECE);
        byte[] a = Arrays.copyOf(content, 20 * PIECE);
        byte[] b = Arrays.copyOfRange(content, 20 * PIECE, 40 * PIECE);
        byte[] c = Arrays.copyOfRange(content, 40 * PIECE, 60 * PIECE);
        Torrent torrent =
                SeedTorrents.folder("t", List.of("a", "b", "c"), List.of(a.length, b.length, c.length), content, PIECE);
        server.file("/some/t/a", a).file("/some/t/c", c);
        server.file("/slow/t/b", b);
        List<RangeSource> both = WebSeeds.of(List.of(server.url("/some/"), server.url("/slow/")), LOCAL);

        Result result = download(torrent, both);

        assertThat(result.content()).isEqualTo(content);
        assertThat(server.requests.stream().filter(request -> request.startsWith("/some/t/b ")))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(result.stats().state()).isNotEqualTo(SourceStats.State.GIVEN_UP);
    }

    // ---- failures ----

    private void assertFails(Torrent torrent, List<RangeSource> sources, String message) {
        assertThatThrownBy(() -> download(torrent, sources))
                .isInstanceOfSatisfying(
                        SwarmException.class, e -> assertThat(e.reason()).isEqualTo(SwarmException.Reason.NO_PEERS))
                .hasMessageStartingWith("no peers; the source " + sources.get(0).name() + " has failed: ")
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileEndsASwarmWithoutPeers() {
        Torrent torrent = SeedTorrents.file("x", SeedTorrents.bytes(PIECE), PIECE);

        assertFails(torrent, seed("/x"), "status 404: it does not have the file");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aSixthRedirectIsNotFollowed() {
        Torrent torrent = SeedTorrents.file("x", SeedTorrents.bytes(PIECE), PIECE);
        server.redirect("/x", "/x");

        assertFails(torrent, seed("/x"), "the server redirects more than 5 times");
        assertThat(server.requests).hasSize(6);
    }

    @Test
    void aLongFileWithoutRangesIsGivenUp() {
        byte[] content = SeedTorrents.bytes(100 * PIECE);
        Torrent torrent = SeedTorrents.file("x", content, PIECE);
        server.withoutRanges().file("/x", content);

        assertFails(torrent, seed("/x"), "the server does not serve ranges");
    }

    @Test
    void aFileOfAnotherLengthIsGivenUp() {
        Torrent torrent = SeedTorrents.file("x", SeedTorrents.bytes(PIECE), PIECE);
        server.file("/x", SeedTorrents.bytes(PIECE + 1));

        assertFails(torrent, seed("/x"), "has 32769 bytes instead of 32768");
    }

    @Test
    void aLyingServerIsBanned() {
        Torrent torrent = SeedTorrents.file("x", SeedTorrents.bytes(2 * PIECE), PIECE);
        server.file("/x", new byte[2 * PIECE]);

        assertFails(torrent, seed("/x"), "with a wrong hash");
        assertThat(events).hasAtLeastOneElementOfType(SwarmEvent.SourceBanned.class);
    }

    @Test
    void theLocalNetworkIsRefusedUnlessAllowed() {
        Torrent torrent = SeedTorrents.file("x", SeedTorrents.bytes(PIECE), PIECE);
        for (String host : List.of("127.0.0.1", "localhost")) {
            String url = server.url("/x").replace("127.0.0.1", host);

            assertFails(
                    torrent,
                    WebSeeds.of(List.of(url), WebSeedOptions.defaults()),
                    "; allow web seeds there if you trust");
        }
        assertThat(server.requests).isEmpty();
    }

    // ---- the demand ----

    @Test
    void anUnwantedBodyStaysOnTheServer() throws InterruptedException {
        int length = 64 * 1024 * 1024;
        byte[] content = new byte[length];
        Torrent torrent = SeedTorrents.file("x", content, length / 4);
        server.file("/x", content);
        Swarm swarm = Swarm.of(torrent).sources(seed("/x")).connect();
        PieceTaker taker = new PieceTaker();
        swarm.pieces(PieceOrder.sequential(2)).subscribe(taker);

        taker.take(1).await();
        Thread.sleep(300); // a wrong implementation reads meanwhile
        long read = server.taken.get();
        assertThat(read).isLessThan(length / 4 * 3L);
        taker.take(3).await();

        assertThat(server.taken.get()).isEqualTo(length);
        swarm.close().block(SOON);
    }

    // ---- the lists ----

    @Test
    void theUrlsOfATorrentAndOfALinkAreUsed() {
        MagnetLink link = MagnetLink.parse("magnet:?xt=urn:btih:" + "a".repeat(40)
                + "&ws=http%3A%2F%2Fmirror.com%2Fx&ws=ftp%3A%2F%2Fmirror.com%2Fx&ws=http%3A%2F%2Fmirror.com%2Fx");

        assertThat(WebSeeds.of(link)).extracting(RangeSource::name).containsExactly("http://mirror.com/x");
        assertThat(WebSeeds.of(SeedTorrents.file("x", new byte[5], PIECE))).isEmpty();
    }

    @Test
    void theNumberOfWebSeedsIsLimited() {
        List<String> urls = IntStream.range(0, 1_000)
                .mapToObj(i -> "http://mirror.com/" + i)
                .toList();

        assertThat(WebSeeds.of(urls, WebSeedOptions.defaults())).hasSize(16);
    }
}
