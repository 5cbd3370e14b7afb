/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.peerwire.BoundServer;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireFailure;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import reactor.core.publisher.Mono;

/**
 * A server for production: limits its connections, reports each failure, and answers the requests that have arrived
 * before it stops. Run with {@code X.torrent DATA PORT}, and stop with Ctrl-C.
 */
public final class LimitedServer {
    static final int PER_ADDRESS = 8;

    private LimitedServer() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: LimitedServer X.torrent DATA PORT");
            return;
        }
        Torrent torrent = Torrent.read(Path.of(args[0]));
        BoundServer server = serve(torrent, Path.of(args[1]), Integer.parseInt(args[2]), LimitedServer::print);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        System.out.println("serving on port " + server.port() + ", Ctrl-C stops");
        server.onDispose().block();
    }

    // tag::server[]
    static BoundServer serve(Torrent torrent, Path data, int port, Consumer<WireFailure> onFailure) {
        FileStore blocks = FileStore.existing(data);
        PieceSet have = blocks.open(torrent, PieceSet.none(torrent.pieceCount()))
                .blockOptional() // after the data is hashed
                .orElseThrow();
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        return WireServer.create()
                .port(port)
                .maxConnections(1_000)
                .maxConnectionsPerAddress(PER_ADDRESS)
                .onFailure(onFailure)
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> wire.announce(have)
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(blocks)))
                .bindNow();
    }

    private static void print(WireFailure failure) {
        System.out.println(failure.remoteAddress() + " " + failure.stage() + ": "
                + failure.cause().getMessage());
    }

    private static void stop(BoundServer server) {
        System.out.println("stopping, " + server.connections() + " connections are open");
        server.disposeNow(Duration.ofSeconds(10));
    }
    // end::server[]
}
