/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

/** The programs of the chapter "Getting started". */
class GettingStartedTest {
    // tag::identity[]
    private final TorrentShape shape = TorrentShape.of(50_000, 16_384); // length and piece length, in bytes
    private final InfoHash torrent = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
    private final LocalPeer seed = LocalPeer.of(torrent, PeerId.random()).withShape(shape);
    private final LocalPeer leech = LocalPeer.of(torrent, PeerId.random()).withShape(shape);
    // end::identity[]

    private final byte[] data = new byte[50_000];

    // tag::source[]
    private final BlockSource memory = request -> {
        long position = (long) request.piece() * shape.pieceLength() + request.offset();
        return Mono.just(Unpooled.wrappedBuffer(data, (int) position, request.length()));
    };
    // end::source[]

    GettingStartedTest() {
        new Random(1).nextBytes(data);
    }

    @Test
    void aClientDownloadsFromAServer() {
        // tag::server[]
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0) // any free port
                .admit((theirs, from) -> theirs.infoHash().equals(torrent) ? Mono.just(seed) : Mono.empty())
                .handle(wire -> wire.announce(PieceSet.all(shape.pieceCount()))
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(memory)))
                .bindNow();
        // end::server[]

        ByteBuf file = Unpooled.wrappedBuffer(new byte[data.length]);
        // tag::client[]
        Flux<BlockRequest> wanted = Flux.range(0, shape.pieceCount()).concatMapIterable(shape::blocks);

        Mono<Void> download = WireClient.create()
                .connect(server.address(), leech)
                .flatMap(wire -> wire.outbound()
                        .send(new Message.Interested())
                        .thenMany(wire.blocks().download(wanted))
                        .doOnNext(block -> file.setBytes(block.piece() * 16_384 + block.offset(), block.data()))
                        .then(Mono.defer(wire::close)));
        // end::client[]
        StepVerifier.create(download).verifyComplete();
        server.disposeNow();

        assertThat(file).isEqualTo(Unpooled.wrappedBuffer(data));
    }

    // tag::test[]
    @Test
    void twoWiresInMemoryExchangeABlock() {
        WirePair pair = WirePair.open(leech, seed);
        pair.responder().blocks().serve(memory).subscribe();
        pair.responder().outbound().send(new Message.Unchoke()).subscribe();

        StepVerifier.create(pair.initiator().blocks().request(new BlockRequest(3, 0, 848)))
                .assertNext(block -> assertThat(block.data()).isEqualTo(Unpooled.wrappedBuffer(data, 49_152, 848)))
                .verifyComplete();
        pair.dispose();
    }
    // end::test[]
}
