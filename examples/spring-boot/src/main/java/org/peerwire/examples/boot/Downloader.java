/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A service that downloads a torrent of one file from one seed, into memory. */
@Component
class Downloader {
    private final WireClient client;

    Downloader(WireClient client) {
        this.client = client;
    }

    /** Returns the content, with all pieces verified. */
    Mono<byte[]> download(Torrent torrent, SocketAddress seed) {
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        return Mono.usingWhen(
                client.connect(seed, self),
                wire -> Flux.range(0, torrent.pieceCount())
                        .concatMap(piece -> piece(wire, torrent, piece))
                        .collect(() -> ByteBuffer.allocate((int) torrent.length()), ByteBuffer::put)
                        .map(ByteBuffer::array)
                        .delaySubscription(wire.announce(PieceSet.none(torrent.pieceCount()))
                                .then(wire.outbound().send(new Message.Interested()))),
                Wire::close);
    }

    private static Mono<byte[]> piece(Wire wire, Torrent torrent, int piece) {
        return wire.blocks()
                .download(Flux.fromIterable(torrent.shape().blocks(piece)))
                .collect(() -> ByteBuffer.allocate(torrent.shape().pieceLength(piece)), (bytes, block) -> block.data()
                        .getBytes(block.offset(), bytes.array(), block.offset(), block.length()))
                .map(bytes -> {
                    if (!torrent.verify(piece, bytes)) {
                        throw new IllegalStateException("piece " + piece + " does not match its hash");
                    }
                    return bytes.array();
                });
    }
}
