/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Buffered;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tests the Fast extension (BEP 6) between our wire, which sees each message, and each client. */
@Isolated("buffers of these wires must not count as leaks of other tests")
class FastExtensionInteropTest {
    private static final int BLOCKS_BEFORE_CHOKE = 200;
    private static final Duration CHOKED = Duration.ofSeconds(3);

    private final Cargo cargo = Cargo.get();
    private final TorrentShape shape = cargo.torrent().shape();
    private final List<Message> heard = new CopyOnWriteArrayList<>();
    private FileChannel data;

    @RegisterExtension
    final Scene scene = new Scene();

    @BeforeEach
    void open() throws IOException {
        data = FileChannel.open(cargo.file());
    }

    @AfterEach
    void close() throws IOException {
        data.close();
    }

    /** Dials, announces our pieces first, and records all messages except blocks. */
    private Wire dial(RealClient client, PieceSet ours, Function<Wire, Mono<Void>> more) {
        LocalPeer self =
                LocalPeer.of(cargo.torrent().hashes().wire(), PeerId.random()).withShape(shape);
        Wire wire = WireClient.create()
                .tcp(tcp -> tcp.bindAddress(() -> new InetSocketAddress(scene.ip(2), 0)))
                .connect(client.socketAddress(), self)
                .doOnNext(open -> {
                    open.inbound()
                            .filter(message -> !(message instanceof Buffered))
                            .subscribe(heard::add);
                    open.announce(ours).then(more.apply(open)).subscribe();
                })
                .block(scene.left());
        assertThat(wire.features().has(Feature.FAST)).isTrue();
        return wire;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theySayHaveAllAndReject(Kind kind) {
        Clients.require(kind);
        RealClient seed = kind.start(scene, "seed", scene.ip(1), Task.seed(cargo.torrentFile(), cargo.folder()));
        Wire wire = dial(seed, PieceSet.none(Cargo.PIECES), Wire::onClose);
        scene.await("it says what it has", () -> !heard.isEmpty());
        assertThat(heard.get(0)).isEqualTo(new Message.HaveAll());
        assertThat(wire.peerPieces().isComplete()).isTrue();

        // most choke us because we are not interested; libtorrent does not, but it rejects a block of this length
        int length = kind == Kind.LIBTORRENT ? 2 * BlockRequest.BLOCK_LENGTH : BlockRequest.BLOCK_LENGTH;
        BlockRequest refused = new BlockRequest(7, 0, length);
        wire.outbound().send(new Message.Request(refused)).block(scene.left());
        scene.await("it rejects the request", () -> heard.contains(new Message.RejectRequest(refused)));

        assertThat(wire.isDisposed()).isFalse();
        wire.dispose();
        scene.figure("have-all, and a reject of " + length + " bytes");
    }

    @Test
    void libtorrentServesItsAllowedFastSetWhileItChokesUs() {
        Clients.require(Kind.LIBTORRENT);
        Task task = Task.seed(cargo.torrentFile(), cargo.folder()).withoutUnchoking();
        RealClient seed = Kind.LIBTORRENT.start(scene, "seed", scene.ip(1), task);
        Wire wire = dial(seed, PieceSet.none(Cargo.PIECES), Wire::onClose);

        wire.outbound().send(new Message.Interested()).block(scene.left());
        scene.await("it tells its set", () -> wire.peerAllowedFast().size() == 5);
        List<Block> blocks = Flux.fromIterable(wire.peerAllowedFast())
                .flatMapIterable(shape::blocks)
                .flatMap(wire.blocks()::request)
                .collectList()
                .block(scene.left());

        assertThat(blocks).hasSize(20).allSatisfy(this::assertRight);
        assertThat(wire.state().peerChoking()).isTrue();
        assertThat(heard).doesNotContain(new Message.Unchoke());
        wire.dispose();
        scene.figure("the pieces " + wire.peerAllowedFast() + " while choked");
    }

    private void assertRight(Block block) {
        assertThat(block.data()).isEqualTo(read(block.request()));
    }

    private ByteBuf read(BlockRequest block) {
        ByteBuffer bytes = ByteBuffer.allocate(block.length());
        try {
            data.read(bytes, (long) block.piece() * Cargo.PIECE_LENGTH + block.offset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Unpooled.wrappedBuffer(bytes.flip());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theySayHaveNoneAndAskAgainForWhatWeReject(Kind kind) {
        Clients.require(kind);
        RealClient leech =
                kind.start(scene, "leech", scene.ip(1), Task.download(cargo.torrentFile(), scene.folder("copy")));
        Sinks.Empty<Void> gate = Sinks.empty();
        AtomicInteger served = new AtomicInteger();
        Wire wire =
                dial(leech, PieceSet.all(Cargo.PIECES), open -> open.blocks().serve(block -> {
                    Mono<ByteBuf> bytes = Mono.fromSupplier(() -> read(block));
                    return served.getAndIncrement() < BLOCKS_BEFORE_CHOKE
                            ? bytes
                            : gate.asMono().then(bytes);
                }));

        // have-none, which WebTorrent sometimes sends after interested
        Message none = new Message.HaveNone();
        scene.await(
                "it says what it has and wants",
                () -> heard.contains(none) && wire.state().peerInterested());

        // allowed-fast: serving announces the set, and the requests arrive while we choke
        scene.pass(CHOKED);
        long whileChoked = wire.stats().payloadOut() / BlockRequest.BLOCK_LENGTH;

        // reject: our choke rejects waiting requests
        wire.outbound().send(new Message.Unchoke()).block(scene.left());
        scene.await(
                "requests wait",
                () -> served.get() > BLOCKS_BEFORE_CHOKE && wire.stats().uploadsQueued() > 1);
        int asked = heard.size();
        long sent = wire.stats().messagesOut();
        wire.outbound().send(new Message.Choke()).block(scene.left());
        scene.await("rejects follow the choke", () -> wire.stats().messagesOut() > sent + 1);
        List<Message> before = requests(heard.subList(0, asked));
        gate.tryEmitEmpty();
        wire.outbound().send(new Message.Unchoke()).block(scene.left());

        scene.await("it is complete", leech::isComplete);
        List<Message> again = requests(heard.subList(asked, heard.size()));
        again.retainAll(before);
        assertThat(again).as("requests that were rejected and made again").isNotEmpty();
        assertThat(cargo.isIn(scene.folder("copy"))).isTrue();
        wire.dispose();
        scene.figure("have-none from it; " + whileChoked + " blocks of our allowed-fast set while choked; "
                + again.size() + " requests rejected and made again; 64 MiB, SHA-256 identical");
    }

    private static List<Message> requests(List<Message> messages) {
        List<Message> requests = new ArrayList<>();
        messages.stream().filter(message -> message instanceof Message.Request).forEach(requests::add);
        return requests;
    }
}
