/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program that dials a seed and downloads all blocks. A slow disk slows the seed. Run with
 * {@code X.torrent HOST PORT DIR}.
 */
public final class DownloadBlocks {
    private DownloadBlocks() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            System.err.println("usage: DownloadBlocks X.torrent HOST PORT DIR");
            return;
        }
        Torrent torrent = Torrent.read(Path.of(args[0]));
        BlockFiles disk = new BlockFiles(torrent, Path.of(args[3]));
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        InetSocketAddress seed = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
        Long blocks = disk.prepare()
                .then(WireClient.create().connect(seed, self))
                .flatMapMany(wire -> download(wire, torrent.shape(), disk))
                .count()
                .block();
        System.out.println("downloaded " + blocks + " blocks to " + args[3]);
    }

    private static Flux<Block> download(Wire wire, TorrentShape shape, BlockFiles disk) {
        return wire.announce(PieceSet.none(shape.pieceCount()))
                .then(wire.outbound().send(new Message.Interested()))
                .thenMany(wire.blocks().download(allBlocks(shape)))
                .concatMap(block -> disk.write(block).thenReturn(block))
                .concatWith(Mono.defer(wire::close).then(Mono.empty()));
    }

    private static Flux<BlockRequest> allBlocks(TorrentShape shape) {
        return Flux.range(0, shape.pieceCount()).concatMap(piece -> blocks(piece, shape.pieceLength(piece)));
    }

    private static Flux<BlockRequest> blocks(int piece, int length) {
        int size = BlockRequest.BLOCK_LENGTH;
        return Flux.range(0, (length + size - 1) / size)
                .map(i -> new BlockRequest(piece, i * size, Math.min(size, length - i * size)));
    }
}
