/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.peerwire.interop.RealClient.Kind;

/** Tests our download among three clients of one kind until all are complete. One of them seeds. */
class SwarmInteropTest {
    /** The rate of the seed, in bytes per second: its peers must pass the pieces on. */
    private static final int SEED_UPLOAD = 8_000_000;

    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    private final Set<String> metByFirst = new HashSet<>();
    private final Set<String> metBySecond = new HashSet<>();

    /** Tests a chain, in which each peer knows only the one before it. The seed starts last. */
    @Test
    void eachKnowsOneLibtorrentAndLearnsTheRest() {
        Clients.require(Kind.LIBTORRENT);
        String address = scene.ip(4) + ":" + Network.freePort();
        Program ours = ours(address);
        RealClient first = leech(Kind.LIBTORRENT, "first", 2, cargo.torrentFile(), address);
        RealClient second = leech(Kind.LIBTORRENT, "second", 3, cargo.torrentFile(), first.address());
        scene.await("the second has learned of us", () -> second.peers().contains(scene.ip(4)));
        Kind.LIBTORRENT.start(scene, "seed", scene.ip(1), seed().withPeer(second.address()));

        awaitAll(first, second, ours);
        assertThat(metByFirst).contains(scene.ip(1), scene.ip(3), scene.ip(4));
        assertThat(metBySecond).contains(scene.ip(1), scene.ip(2), scene.ip(4));
    }

    /** Tests a star: Transmission accepts no address from its user, so all clients know only us, and we dial them. */
    @Test
    void transmissionsLearnOfEachOtherFromUs() {
        Clients.require(Kind.TRANSMISSION);
        scene.useNamespace(); // Transmission does not dial loopback addresses
        RealClient seed = Kind.TRANSMISSION.start(scene, "seed", scene.ip(1), seed());
        RealClient first = leech(Kind.TRANSMISSION, "first", 2, cargo.magnet(), null);
        RealClient second = leech(Kind.TRANSMISSION, "second", 3, cargo.magnet(), null);

        Program ours = ours(scene.ip(4) + ":" + Network.freePort(), seed.address(), first.address(), second.address());

        awaitAll(first, second, ours);
        assertThat(metByFirst).containsAnyOf(scene.ip(1), scene.ip(3));
        assertThat(metBySecond).containsAnyOf(scene.ip(1), scene.ip(2));
    }

    private Task seed() {
        return Task.seed(cargo.torrentFile(), cargo.folder()).withUp(SEED_UPLOAD);
    }

    private RealClient leech(Kind kind, String name, int ip, Object what, @Nullable String peer) {
        Task task = Task.download(what, scene.folder(name));
        return kind.start(scene, name, scene.ip(ip), peer == null ? task : task.withPeer(peer));
    }

    /** Starts our download from a magnet link, and returns it once it listens. */
    private Program ours(String address, String... peers) {
        String[] here = address.split(":");
        Stream<String> fixed =
                Stream.of("download", cargo.magnet(), "-o", scene.folder("ours").toString(), "--json");
        Stream<String> listening = Stream.of("--host", here[0], "--port", here[1]);
        Stream<String> there = Stream.of(peers).flatMap(peer -> Stream.of("--peer", peer));
        Program ours = Peerwire.start(
                scene,
                "download",
                Stream.of(fixed, listening, there).flatMap(all -> all).toArray());
        scene.await("we listen", () -> !Peerwire.events(ours, "listening").isEmpty());
        return ours;
    }

    private void awaitAll(RealClient first, RealClient second, Program ours) {
        scene.await("all peers are complete", () -> {
            metByFirst.addAll(first.peers());
            metBySecond.addAll(second.peers());
            return !ours.isRunning() && first.isComplete() && second.isComplete();
        });
        assertThat(ours.exitCode()).isZero();
        for (String name : List.of("ours", "first", "second")) {
            assertThat(cargo.isIn(scene.folder(name))).as(name).isTrue();
        }
        JsonNode completed = Peerwire.events(ours, "completed").get(0);
        Set<String> connected = Peerwire.events(ours, "connected").stream()
                .map(node -> node.get("peer").asText().split(":")[0])
                .collect(Collectors.toSet());
        assertThat(connected).contains(scene.ip(1), scene.ip(2), scene.ip(3));
        scene.figure("3 copies of 64 MiB, SHA-256 identical; ours in " + completed.get("millis") + " ms from "
                + completed.get("bytesPerPeer") + "; the first met " + metByFirst + ", the second " + metBySecond);
    }
}
