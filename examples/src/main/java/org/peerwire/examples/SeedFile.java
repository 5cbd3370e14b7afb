/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.nio.file.Path;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireServer;
import org.peerwire.examples.swarm.MappedFiles;
import org.peerwire.examples.swarm.Storage;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * A program that accepts peers and serves them from disk. Reads a block only when the socket takes data. Run with
 * {@code X.torrent DATA PORT}.
 */
public final class SeedFile {
    private SeedFile() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: SeedFile X.torrent DATA PORT");
            return;
        }
        DisposableServer server = seed(Torrent.read(Path.of(args[0])), Path.of(args[1]), Integer.parseInt(args[2]));
        System.out.println("seeding on port " + server.port());
        server.onDispose().block();
    }

    static DisposableServer seed(Torrent torrent, Path data, int port) {
        BlockSource blocks = new MappedFiles(Storage.reading(torrent, data));
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        return WireServer.create()
                .port(port)
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> wire.announce(PieceSet.all(torrent.pieceCount()))
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(blocks)))
                .bindNow();
    }
}
