/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

/** The snippets of the chapters "Metadata exchange" and "Encryption". */
class DiscoveryTest {
    private static final byte[] INFO = "d6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:%se"
            .formatted("x".repeat(20))
            .getBytes(US_ASCII);
    private static final InfoHashes HASHES = Torrent.fromInfo(INFO).hashes();

    @Test
    void aMagnetLinkBecomesATorrent() {
        UtMetadata metadata = UtMetadata.serving(INFO);
        LocalPeer seed = LocalPeer.of(HASHES.wire(), PeerId.random()).withExtension(metadata);
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(seed))
                .handle(metadata::serve)
                .bindNow();
        MagnetLink link = MagnetLink.of(HASHES).withPeers(List.of((InetSocketAddress) server.address()));

        StepVerifier.create(resolve(link.toString()))
                .assertNext(torrent -> assertThat(torrent.name()).isEqualTo("a.txt"))
                .verifyComplete();
        server.disposeNow();
    }

    // tag::magnet[]
    Mono<Torrent> resolve(String magnet) {
        MagnetLink link = MagnetLink.parse(magnet);
        LocalPeer self = LocalPeer.of(link.hashes().wire(), PeerId.random()).withExtension(UtMetadata.fetching());
        Flux<Wire> wires = Flux.fromIterable(link.peers())
                .flatMap(peer -> WireClient.create().connect(peer, self).onErrorComplete());

        return UtMetadata.fetch(wires, link.hashes(), MetadataOptions.defaults())
                .map(Metadata::torrent);
    }
    // end::magnet[]

    @Test
    void bothSidesAgreeOnRc4() {
        LocalPeer seed = LocalPeer.of(HASHES.wire(), PeerId.random());
        // tag::accept[]
        DisposableServer server = WireServer.create()
                .encryption(EncryptionPolicy.REQUIRE, EncryptionKeys.of(seed.infoHash()))
                .admit((theirs, from) -> Mono.just(seed))
                .bindNow();
        // end::accept[]
        LocalPeer self = LocalPeer.of(HASHES.wire(), PeerId.random());
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", ((InetSocketAddress) server.address()).getPort());
        // tag::dial[]
        Mono<Wire> dial = WireClient.create()
                .encryption(EncryptionPolicy.PREFER_ENCRYPTED)
                .connect(address, self);
        // end::dial[]

        StepVerifier.create(dial.flatMap(wire -> wire.close().thenReturn(wire.encryption())))
                .assertNext(method -> assertThat(method).contains(EncryptionMethod.RC4))
                .verifyComplete();
        server.disposeNow();
    }
}
