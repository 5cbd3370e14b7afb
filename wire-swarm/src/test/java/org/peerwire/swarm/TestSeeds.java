/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/** The seeds of a test, on free ports of the loopback interface: swarms, or wires with a script. */
final class TestSeeds implements Disposable {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String HOST = "127.0.0.1";

    private final Disposable.Composite running = Disposables.composite();

    /** Starts a seed of these bytes and returns its address. */
    InetSocketAddress start(Torrent torrent, byte[] content) {
        return start(torrent, MemoryStore.of(torrent, content), UnaryOperator.identity());
    }

    /** Starts a seed that sends at most this number of bytes per second. */
    InetSocketAddress start(Torrent torrent, byte[] content, long bytesPerSecond) {
        return start(torrent, MemoryStore.of(torrent, content), limited(bytesPerSecond));
    }

    /** Starts a seed that sends other blocks, at most this number of bytes per second. */
    InetSocketAddress start(Torrent torrent, byte[] content, UnaryOperator<BlockSource> blocks, long bytesPerSecond) {
        return start(torrent, new ChangedStore(MemoryStore.of(torrent, content), blocks), limited(bytesPerSecond));
    }

    private static UnaryOperator<SwarmBuilder> limited(long bytesPerSecond) {
        SwarmOptions options = SwarmOptions.builder()
                .upload(bytesPerSecond == Long.MAX_VALUE ? RateLimit.unlimited() : RateLimit.of(bytesPerSecond))
                .build();
        return swarm -> swarm.options(options);
    }

    /** Starts a seed of a store. */
    InetSocketAddress start(Torrent torrent, PieceStore store, UnaryOperator<SwarmBuilder> change) {
        return start(SwarmHost.create(), torrent, store, change);
    }

    /** Starts a seed of a store on a free port of a host. Returns when it accepts peers. Fails if it cannot seed. */
    InetSocketAddress start(
            SwarmHost configured, Torrent torrent, PieceStore store, UnaryOperator<SwarmBuilder> change) {
        SwarmHost host = await(configured.listen(HOST, 0).bind());
        running.add(() -> host.close().subscribe());
        Swarm swarm = change.apply(Swarm.of(torrent).host(host)).connect();
        running.add(swarm);
        Sinks.One<Integer> failure = Sinks.one();
        running.add(swarm.seed(store).subscribe(null, failure::tryEmitError));
        Mono<Integer> registered = Mono.fromCallable(host::swarms)
                .filter(swarms -> swarms > 0)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10)));
        await(Mono.firstWithSignal(registered, failure.asMono()));
        return host.address().orElseThrow();
    }

    /** Starts a server whose wires have a script instead of a swarm. It announces nothing by itself. */
    DisposableServer script(Torrent torrent, int port, Function<Wire, Mono<Void>> script) {
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        return script(
                self,
                server -> server.tcp(tcp -> tcp.host(HOST).port(port))
                        .options(WireOptions.builder().allowedFastPieces(0).build()), // the script allows them
                script);
    }

    /** Starts a server whose wires have a script. */
    DisposableServer script(LocalPeer self, UnaryOperator<WireServer> change, Function<Wire, Mono<Void>> script) {
        DisposableServer server = change.apply(WireServer.create())
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(script)
                .bindNow();
        running.add(server);
        return server;
    }

    /** Returns the blocks of some bytes. */
    static BlockSource blocks(Torrent torrent, byte[] content) {
        return request -> Mono.fromSupplier(() -> block(torrent, content, request));
    }

    /** Returns one block of some bytes. */
    static ByteBuf block(Torrent torrent, byte[] content, BlockRequest request) {
        int start = request.piece() * torrent.pieceLength() + request.offset();
        return Unpooled.wrappedBuffer(content, start, request.length());
    }

    /** Returns a source that changes one byte of every block. */
    static BlockSource corrupted(BlockSource source) {
        return request -> source.read(request).map(data -> {
            ByteBuf changed = data.copy();
            data.release();
            return changed.setByte(0, changed.getByte(0) ^ 1);
        });
    }

    /** Returns an address on the loopback interface. */
    static InetSocketAddress local(int port) {
        return new InetSocketAddress(HOST, port);
    }

    /** Waits for a value. */
    static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON), "the publisher must emit a value, was empty");
    }

    /** Adds what stops with the seeds. */
    void add(Disposable other) {
        running.add(other);
    }

    @Override
    public void dispose() {
        running.dispose();
    }

    /** A store that serves other blocks than it has. */
    private record ChangedStore(PieceStore store, UnaryOperator<BlockSource> blocks) implements PieceStore {
        @Override
        public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
            return store.open(torrent, wanted);
        }

        @Override
        public Mono<Void> write(Piece piece) {
            return store.write(piece);
        }

        @Override
        public Mono<ByteBuf> read(BlockRequest request) {
            return blocks.apply(store).read(request);
        }

        @Override
        public Mono<Void> close() {
            return store.close();
        }
    }
}
