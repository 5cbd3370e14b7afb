/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.interop.RealClient.Kind;

/** Addresses that a peer can have from a PEX message only, theirs and ours. */
class PexInteropTest {
    /** Bytes a second: a client that is still downloading when the others come takes part in all that goes on. */
    private static final int SLOW = 100_000;

    private final Cargo cargo = Cargo.get();

    @RegisterExtension
    final Scene scene = new Scene();

    /** Our {@code peers} knows the client only, so it can have the address of our seed from the client alone. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBTORRENT") // it never sends any
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

    /** Peer exchange is off in the far one, so the near one can have its address from our seed alone. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weTellThem(Kind kind) {
        Clients.require(kind);
        Clients.require(Kind.LIBTORRENT);
        if (kind == Kind.TRANSMISSION) {
            scene.useNamespace(); // it dials no loopback address
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
