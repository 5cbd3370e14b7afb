/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtPex;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A peer of a real swarm on this machine: accepts wires, has some pieces, and exchanges its peers. */
final class CrawledPeer implements Disposable {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final PexSwarm swarm = PexSwarm.create(PexOptions.defaults());
    private final UtMetadata metadata;
    private final WireOptions options;
    private final PieceSet pieces;
    private final LocalPeer self;
    private final DisposableServer server;

    CrawledPeer(Torrent torrent, String client, int pieces) {
        this.metadata = UtMetadata.serving(torrent.info());
        this.options = WireOptions.builder().clientName(client).build();
        this.pieces =
                PieceSet.of(torrent.pieceCount(), IntStream.range(0, pieces).toArray());
        this.self = LocalPeer.of(torrent.hashes().wire(), PeerId.random())
                .withShape(torrent.shape())
                .withExtension(metadata)
                .withExtension(UtPex.create());
        this.server = WireServer.create()
                .options(options)
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(self))
                .handle(this::exchange)
                .bindNow();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.address();
    }

    /** Opens a wire to another peer, which stays open. */
    void dial(CrawledPeer other) {
        WireClient.create()
                .options(options)
                .connect(other.address(), self.withListenPort(address().getPort()))
                .doOnNext(wire -> exchange(wire).subscribe(null, end -> {}))
                .block(SOON);
    }

    private Mono<Void> exchange(Wire wire) {
        swarm.join(wire);
        return wire.announce(pieces).then(metadata.serve(wire));
    }

    @Override
    public void dispose() {
        swarm.dispose();
        server.disposeNow(SOON);
    }

    /** Returns the server of a peer that sends the metadata of a private torrent. */
    static DisposableServer indiscreet(Torrent torrent) {
        byte[] info = torrent.info();
        byte[] header =
                ("d8:msg_typei1e5:piecei0e10:total_sizei" + info.length + "ee").getBytes(StandardCharsets.US_ASCII);
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withExtension(new Extension() {
            @Override
            public String name() {
                return UtMetadata.NAME;
            }

            @Override
            public void advertise(ExtendedHandshake.Builder mine) {
                mine.metadataSize(info.length);
            }
        });
        return WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> wire.extension(UtMetadata.NAME)
                        .inbound()
                        .concatMap(
                                request -> wire.extension(UtMetadata.NAME).send(Unpooled.wrappedBuffer(header, info)))
                        .then())
                .bindNow();
    }
}
