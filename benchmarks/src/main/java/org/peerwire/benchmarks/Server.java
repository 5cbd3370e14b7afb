/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/**
 * The measured process: a server on the loopback interface that holds wires, serves one torrent, and fetches the
 * metadata of another. Prints its port. Answers each line of its input with a line of {@link Memory}, and ends with its
 * input.
 */
final class Server {
    static final InfoHash SERVED = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    static final InfoHash WANTED = InfoHash.parse("ff02030405060708090a0b0c0d0e0f1011121314");

    /** The shape: 1 GiB in 2,048 pieces. */
    static final TorrentShape SHAPE = TorrentShape.of(1L << 30, 1 << 19);

    /** The extensions. Their order is the order of their numbers. */
    static final int PEX_NUMBER = 1;

    static final int METADATA_NUMBER = 2;

    /** The work of the server on a wire. */
    enum Role {
        /** Holds the wire: the cost of the core. */
        BARE,
        /** Unchokes the peer, and serves blocks and metadata. */
        SERVING,
        /** Serves, and exchanges peers: the work of a client. */
        SWARMING
    }

    private static final byte[] DATA = new byte[128 * 1024];
    private static final byte[] INFO = ("d6:lengthi" + SHAPE.length() + "e4:name4:data12:piece lengthi"
                    + SHAPE.pieceLength() + "e6:pieces" + 20 * SHAPE.pieceCount() + ":"
                    + "h".repeat(20 * SHAPE.pieceCount()) + "e")
            .getBytes(UTF_8);

    private final Role role;
    private final AtomicLong wires = new AtomicLong();
    private final UtPex pex = UtPex.create();
    private final PexSwarm swarm = PexSwarm.create(PexOptions.defaults());
    private final UtMetadata serving = UtMetadata.serving(INFO);
    private final UtMetadata fetching = UtMetadata.fetching();
    private final Sinks.Many<Wire> strangers = Sinks.many().multicast().directBestEffort();
    private final BlockSource source = request -> Mono.fromSupplier(
            () -> ByteBufAllocator.DEFAULT.buffer(request.length()).writeBytes(DATA, 0, request.length()));

    private Server(Role role) {
        this.role = role;
    }

    /** Runs until the input ends. */
    public static void main(String[] args) throws IOException {
        Server server = new Server(Role.valueOf(args[0]));
        DisposableServer bound = server.bind();
        System.out.println(((InetSocketAddress) bound.address()).getPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (in.readLine() != null) {
            System.out.println(Memory.afterCollection(server.wires.get()).line());
        }
        Runtime.getRuntime().halt(0);
    }

    private DisposableServer bind() {
        LocalPeer served = LocalPeer.of(SERVED, PeerId.random())
                .withExtension(pex)
                .withExtension(serving)
                .withShape(SHAPE);
        LocalPeer wanted =
                LocalPeer.of(WANTED, PeerId.random()).withExtension(pex).withExtension(fetching);
        UtMetadata.fetch(strangers.asFlux(), InfoHashes.ofHandshake(WANTED), MetadataOptions.defaults())
                .onErrorComplete()
                .repeat()
                .subscribe();
        return WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .maxConnections(100_000) // one address plays all peers
                .maxConnectionsPerAddress(100_000)
                .tcp(tcp -> tcp.option(ChannelOption.SO_BACKLOG, 4096))
                .admit((theirs, from) -> Mono.just(theirs.infoHash().equals(WANTED) ? wanted : served))
                .handle(this::handle)
                .bindNow();
    }

    private Mono<Void> handle(Wire wire) {
        wires.incrementAndGet();
        return (role == Role.BARE ? wire.onClose() : session(wire)).doFinally(end -> wires.decrementAndGet());
    }

    private Mono<Void> session(Wire wire) {
        if (wire.local().infoHash().equals(WANTED)) {
            offer(wire);
            return wire.onClose();
        }
        if (role == Role.SWARMING) {
            swarm.join(wire);
        }
        wire.outbound().tryEmit(new Message.Unchoke());
        return Mono.when(
                wire.announce(PieceSet.all(SHAPE.pieceCount())), wire.blocks().serve(source), serving.serve(wire));
    }

    private void offer(Wire wire) {
        strangers.emitNext(wire, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }
}
