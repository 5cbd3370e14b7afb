/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.nio.file.Path;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
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
        FileStore blocks = FileStore.existing(data);
        PieceSet have = blocks.open(torrent, PieceSet.none(torrent.pieceCount()))
                .blockOptional() // after the data is hashed
                .orElseThrow();
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        return WireServer.create()
                .port(port)
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> wire.announce(have)
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(blocks)))
                .bindNow();
    }
}
