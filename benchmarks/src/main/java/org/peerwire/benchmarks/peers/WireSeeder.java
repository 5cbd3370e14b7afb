/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.file.Path;
import org.peerwire.BlockSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.FileStore;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * Our seed, from memory or from a file. Run with {@code PORT INFOHASH PIECE_LENGTH PIECES [FILE]}. {@code -Drc4=true}
 * encrypts.
 */
public final class WireSeeder {
    private WireSeeder() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        TorrentShape shape =
                TorrentShape.of(Long.parseLong(args[2]) * Integer.parseInt(args[3]), Integer.parseInt(args[2]));
        InfoHash infoHash = InfoHash.parse(args[1]);
        BlockSource source = memory(shape);
        if (args.length > 4) {
            TorrentOptions cut =
                    TorrentOptions.builder().pieceLength(shape.pieceLength()).build();
            Torrent torrent = Torrent.create(Path.of(args[4]), cut);
            infoHash = torrent.hashes().wire();
            FileStore files = FileStore.existing(Path.of(args[4]));
            files.open(torrent, PieceSet.none(torrent.pieceCount())).block();
            source = files;
        }
        start(port, infoHash, shape, source, Program.loops());
        Program.ready(infoHash.toHex());
        Program.obey();
    }

    /** A source of blocks that are slices of one buffer. */
    static BlockSource memory(TorrentShape shape) {
        Pattern pattern = new Pattern();
        return request -> Mono.just(
                pattern.slice((long) request.piece() * shape.pieceLength() + request.offset(), request.length()));
    }

    static DisposableServer start(
            int port, InfoHash infoHash, TorrentShape shape, BlockSource source, LoopResources loops) {
        LocalPeer self = LocalPeer.of(infoHash, PeerId.random()).withShape(shape);
        return WireServer.create()
                .host("127.0.0.1")
                .port(port)
                .maxConnections(100_000) // one address plays all peers
                .maxConnectionsPerAddress(100_000)
                .tcp(server -> server.runOn(loops).option(ChannelOption.SO_BACKLOG, 4096))
                .encryption(Program.encryption(), EncryptionKeys.of(infoHash))
                .admit((theirs, from) -> theirs.infoHash().equals(infoHash) ? Mono.just(self) : Mono.empty())
                .handle(wire -> wire.announce(PieceSet.all(shape.pieceCount()))
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(source)))
                .bindNow();
    }
}
