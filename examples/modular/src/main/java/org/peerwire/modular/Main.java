/* SPDX-License-Identifier: MIT */
package org.peerwire.modular;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.leaks.LeakExtension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.UtPex;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A program that seeds a file on a socket and downloads it again from its magnet link, as named modules. */
public final class Main {
    private static final int LENGTH = 1_000_000;
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;

    private Main() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException {
        for (Class<?> type : new Class<?>[] {
            Main.class, Wire.class, UtPex.class, UtMetadata.class, WirePair.class, LeakExtension.class
        }) {
            if (!type.getModule().isNamed()) {
                throw new IllegalStateException(type + " must be in a named module");
            }
        }
        byte[] data = new byte[LENGTH];
        new Random(1).nextBytes(data);
        Path file = Files.createTempFile("modular", ".bin");
        Torrent torrent;
        try {
            torrent = Torrent.create(Files.write(file, data), TorrentOptions.defaults());
        } finally {
            Files.delete(file);
        }

        DisposableServer seed = seed(torrent, data);
        byte[] downloaded = download(torrent.magnet(), seed.address()).block(Duration.ofSeconds(30));
        seed.disposeNow();
        if (!Arrays.equals(data, downloaded)) {
            throw new IllegalStateException("the download must equal the seed");
        }
        System.out.println("downloaded " + LENGTH + " bytes over a socket, on the module path");

        WirePair pair = WirePair.open(peer(torrent), peer(torrent));
        pair.responder().outbound().send(new Message.Unchoke()).subscribe();
        pair.advance(Duration.ofSeconds(1));
        System.out.println("two wires in memory: " + pair.initiator().state());
        pair.dispose();
    }

    private static LocalPeer peer(Torrent torrent) {
        return LocalPeer.of(torrent.hashes().wire(), PeerId.random());
    }

    private static DisposableServer seed(Torrent torrent, byte[] data) {
        UtMetadata metadata = UtMetadata.serving(torrent.info());
        LocalPeer self =
                peer(torrent).withShape(torrent.shape()).withExtension(metadata).withExtension(UtPex.create());
        return WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> wire.announce(PieceSet.all(torrent.pieceCount()))
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(Mono.when(
                                metadata.serve(wire),
                                UtPex.announce(wire, Flux.never()),
                                wire.blocks().serve(wanted -> {
                                    long start = (long) wanted.piece() * torrent.pieceLength() + wanted.offset();
                                    return Mono.just(
                                            Unpooled.wrappedBuffer(data, Math.toIntExact(start), wanted.length()));
                                }))))
                .bindNow();
    }

    private static Mono<byte[]> download(MagnetLink link, SocketAddress seed) {
        LocalPeer self = LocalPeer.of(link.hashes().wire(), PeerId.random())
                .withExtension(UtMetadata.fetching())
                .withExtension(UtPex.create());
        return WireClient.create().connect(seed, self).flatMap(wire -> UtMetadata.fetch(wire)
                .map(Metadata::torrent)
                .flatMap(torrent -> wire.shape(torrent.shape()).then(download(wire, torrent.shape())))
                .flatMap(data -> wire.close().thenReturn(data)));
    }

    private static Mono<byte[]> download(Wire wire, TorrentShape shape) {
        byte[] data = new byte[Math.toIntExact(shape.length())];
        return wire.announce(PieceSet.none(shape.pieceCount()))
                .then(wire.outbound().send(new Message.Interested()))
                .thenMany(wire.blocks().download(blocks(shape)))
                .doOnNext(block -> block.data()
                        .getBytes(0, data, block.piece() * shape.pieceLength() + block.offset(), block.length()))
                .then(Mono.just(data));
    }

    private static Flux<BlockRequest> blocks(TorrentShape shape) {
        return Flux.range(0, shape.pieceCount()).concatMap(piece -> {
            int length = shape.pieceLength(piece);
            return Flux.range(0, (length + BLOCK - 1) / BLOCK)
                    .map(i -> new BlockRequest(piece, i * BLOCK, Math.min(BLOCK, length - i * BLOCK)));
        });
    }
}
