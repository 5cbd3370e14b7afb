/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.metadata.InfoHashes;

/** Tests our DHT node among those of other projects: each finds what the other announces. */
class DhtInteropTest {
    private static final int NODES = 12;

    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** A DHT of nodes of one kind. */
    enum Others {
        LIBTORRENT,
        BITTORRENT_DHT;

        void require() {
            Clients.require(this == LIBTORRENT ? Kind.LIBTORRENT : Kind.WEBTORRENT); // whose package has the node
        }
    }

    /** A running DHT: the addresses of its nodes, and the program of the one that announces or looks up. */
    private record Table(List<String> nodes, Program program) {
        String node() {
            return nodes.get(0);
        }
    }

    private String hash() {
        return InfoHashes.of(cargo.torrent().hashes().v1()).wire().toHex();
    }

    /**
     * Starts a DHT.
     *
     * @param task the last node's {@code --announce} or {@code --lookup} with its value, or nothing
     */
    private Table table(Others kind, String... task) {
        kind.require();
        return kind == Others.LIBTORRENT ? libtorrents(task) : bittorrentDhts(task);
    }

    private Table libtorrents(String... task) {
        String port = "" + Network.freePort();
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-u", "clients/libtorrent_dht.py"));
        command.addAll(List.of(scene.ip(10).replaceAll("10$", ""), "10", "" + NODES, port));
        command.addAll(List.of(task));
        Program program = scene.start("nodes", command);
        scene.await("the nodes know each other", () -> program.says("^ready"));
        return new Table(addresses(NODES, port), program);
    }

    private List<String> addresses(int count, String port) {
        return IntStream.range(10, 10 + count)
                .mapToObj(number -> scene.ip(number) + ":" + port)
                .toList();
    }

    private Table bittorrentDhts(String... task) {
        String port = "" + Network.freePort();
        String first = scene.ip(10) + ":" + port;
        Program node = scene.start("node0", WebtorrentClient.script("dht_node.mjs", List.of(scene.ip(10), port)));
        scene.await("the first node is ready", () -> node.says("^ready"));
        for (int i = 1; i < NODES / 2; i++) {
            node("node" + i, scene.ip(10 + i), port, first);
        }
        return new Table(List.of(first), node("last", scene.ip(10 + NODES), port, first, task));
    }

    private Program node(String name, String ip, String port, String bootstrap, String... task) {
        List<String> arguments = new ArrayList<>(List.of(ip, port, "--bootstrap", bootstrap));
        arguments.addAll(List.of(task));
        Program node = scene.start(name, WebtorrentClient.script("dht_node.mjs", arguments));
        scene.await(name + " is ready", () -> node.says("^ready"));
        return node;
    }

    private Program download(String node) {
        Path copy = scene.folder("copy");
        Path file = scene.folder("table").resolve("dht");
        Program download = Peerwire.start(
                scene,
                "download",
                "download",
                hash(),
                "-o",
                copy,
                "--host",
                scene.ip(3),
                "--dht",
                node,
                "--dht-table",
                file,
                "--no-local-peers",
                "--timeout",
                "90s", // a seed that has just begun may be found at the second lookup
                "--json");
        Peerwire.awaitSuccess(scene, "peerwire download", download);

        assertThat(cargo.isIn(copy)).isTrue();
        assertThat(file).as("the nodes for the next time").isNotEmptyFile();
        assertThat(Peerwire.events(download, "connected"))
                .isNotEmpty()
                .anyMatch(event -> event.get("source").asText().equals("dht"));
        JsonNode completed = Peerwire.events(download, "completed").get(0);
        scene.figure("64 MiB with an info hash and a node, SHA-256 identical, in " + completed.get("millis") + " ms");
        return download;
    }

    private String seed(String node) {
        return Peerwire.seed(
                scene,
                scene.ip(2),
                "--dht",
                node,
                "--dht-table",
                scene.folder("seed").resolve("dht"),
                "--no-local-peers");
    }

    private void awaitAnnounce(Table table, String address) {
        String line = "^peer " + address.replace(".", "\\.") + " of " + hash();
        scene.await("the nodes find the seed", () -> table.program().says(line));
    }

    /** Returns the task of a client that knows one node, or all if it is Transmission, which is slow with one. */
    private static Task joins(Kind kind, Task task, Table table) {
        return task.withNode(kind == Kind.TRANSMISSION ? String.join(",", table.nodes()) : table.node());
    }

    /** The seed announces itself among nodes of libtorrent; only the info hash and one of them are known to us. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weDownloadWithNothingButANode(Kind kind) {
        scene.prepareFor(kind);
        Table table = table(Others.LIBTORRENT, "--lookup", hash());
        Task task = Task.seed(cargo.torrentFile(), cargo.folder());
        awaitAnnounce(
                table,
                kind.start(scene, "seed", scene.ip(1), joins(kind, task, table)).address());

        download(table.node());
    }

    /** Our seed announces itself among foreign nodes, and our download finds it there. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weMeetInTheTableOfOthers(Others kind) {
        Table table = table(kind);
        seed(table.node());

        download(table.node());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theyFindOurAnnounce(Others kind) {
        Table table = table(kind, "--lookup", hash());
        String address = seed(table.node());

        awaitAnnounce(table, address);
        scene.figure("found by a lookup of theirs");
    }

    /** The info hash and nodes are all that they know. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theyDownloadFromUsWithNothingButANode(Kind kind) {
        scene.prepareFor(kind);
        Table table = table(Others.LIBTORRENT, "--lookup", hash());
        awaitAnnounce(table, seed(table.node())); // a client looks only once in many minutes
        Path copy = scene.folder("copy");
        Task task = Task.download("magnet:?xt=urn:btih:" + hash(), copy);
        RealClient leech = kind.start(scene, "leech", scene.ip(1), joins(kind, task, table));

        scene.await("the leech is complete", leech::isComplete);

        assertThat(cargo.isIn(copy)).isTrue();
        scene.figure("64 MiB, SHA-256 identical");
    }
}
