/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;

/** Tests peer exchange in both directions, with addresses that a peer can have only from a PEX message. */
class PexInteropTest {
    /** The rate of the downloads, in bytes per second: the client is still downloading when the others connect. */
    private static final int SLOW = 100_000;

    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** Tests that we learn the address of our seed from a client, the only peer of our {@code peers} command. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBTORRENT") // WebTorrent never sends PEX
    void theyTellUs(Kind kind) {
        Clients.require(kind);
        Task task = Task.download(cargo.torrentFile(), scene.folder("copy")).withDown(SLOW);
        Meeting meeting = Meeting.of(scene, kind, "teller", task);
        RealClient teller = meeting.client();
        String seed = meeting.seed();
        scene.await("the teller has met the seed", () -> teller.peers().contains(scene.ip(2)));

        Program peers = Peerwire.start(
                scene, "peers", "peers", cargo.magnet(), "--host", scene.ip(3), "--peer", teller.address(), "--json");
        scene.await("we are told of the seed", () -> added(peers, seed).isPresent());

        JsonNode news = added(peers, seed).orElseThrow();
        assertThat(news.get("teller").asText()).isEqualTo(teller.address());
        assertThat(news.get("seed").asBoolean()).isTrue();
        scene.figure("we heard from it of " + seed + ", a seed");
    }

    private static Optional<JsonNode> added(Program peers, String address) {
        return Peerwire.events(peers, "peerAdded").stream()
                .filter(node -> node.get("peer").asText().equals(address))
                .findFirst();
    }

    /**
     * Tests that the near client learns the address of the far client from our seed: the far client has peer exchange
     * off.
     */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weTellThem(Kind kind) {
        Clients.require(kind);
        Clients.require(Kind.LIBTORRENT);
        if (kind == Kind.TRANSMISSION) {
            scene.useNamespace(); // Transmission does not dial loopback addresses
        }
        Task task = Task.download(cargo.torrentFile(), scene.folder("near")).withDown(SLOW);
        Meeting meeting = Meeting.of(scene, kind, "near", task);
        RealClient near = meeting.client();
        scene.await("the near one has met the seed", () -> near.peers().contains(scene.ip(2)));

        Task farTask = Task.download(cargo.torrentFile(), scene.folder("far"))
                .withDown(SLOW)
                .withoutPex()
                .withPeer(meeting.seed());
        LibtorrentClient far = new LibtorrentClient(scene, "far", scene.ip(3), farTask);

        scene.await("the near one dials the far one", () -> far.wasDialledBy(scene.ip(1), kind));
        scene.figure("it dialled " + far.address() + ", known to it from us only");
    }
}
