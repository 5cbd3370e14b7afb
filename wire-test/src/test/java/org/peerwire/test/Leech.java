/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A downloader of one peer of a {@link TestSwarm}, without retries. It keeps the failed blocks too. */
final class Leech {
    static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    static final TorrentShape SHAPE = TorrentShape.of(16L << 20, 256 * 1024);
    static final byte[] DATA = data();

    final Set<BlockRequest> correct = new HashSet<>();
    final Set<BlockRequest> wrong = new HashSet<>();
    final Set<BlockRequest> failed = new HashSet<>();

    @Nullable
    Wire wire;

    @Nullable
    Throwable failure;

    private static byte[] data() {
        byte[] data = new byte[(int) SHAPE.length()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + (i >> 14));
        }
        return data;
    }

    static TestPeer seed(TestSwarm net, HostLink link) {
        return peer(net, PeerConduct.honest(), link);
    }

    static TestPeer peer(TestSwarm net, PeerConduct conduct, HostLink link) {
        return net.peer(SHAPE, TestPeer.source(SHAPE, DATA), HASH, conduct, link);
    }

    static LocalPeer self(TestSwarm net) {
        return LocalPeer.of(HASH, net.peerId()).withShape(SHAPE);
    }

    /** Dials a peer and downloads each block once. */
    static Leech of(TestSwarm net, InetSocketAddress host, InetSocketAddress peer) {
        return of(net, host, peer, Flux.range(0, SHAPE.pieceCount()).concatMapIterable(SHAPE::blocks));
    }

    static Leech of(TestSwarm net, InetSocketAddress host, InetSocketAddress peer, Flux<BlockRequest> wanted) {
        Leech leech = new Leech();
        net.client(host).connect(peer, self(net)).subscribe(wire -> leech.use(wire, wanted), leech::fail);
        return leech;
    }

    private void use(Wire opened, Flux<BlockRequest> wanted) {
        wire = opened;
        opened.outbound().tryEmit(new Message.Interested());
        opened.blocks()
                .download(wanted, RequestWindow.adaptive(), (request, error) -> {
                    failed.add(request);
                    return Mono.empty();
                })
                .subscribe(this::take, this::fail);
    }

    private void take(Block block) {
        (isCorrect(block) ? correct : wrong).add(block.request());
        block.data().release();
    }

    private static boolean isCorrect(Block block) {
        int from =
                block.request().piece() * SHAPE.pieceLength() + block.request().offset();
        return block.data()
                .equals(Unpooled.wrappedBuffer(DATA, from, block.request().length()));
    }

    private void fail(Throwable cause) {
        failure = cause;
    }

    Wire wire() {
        if (wire == null) {
            throw new AssertionError("the wire must be open", failure);
        }
        return wire;
    }

    long bytesIn() {
        return wire == null ? 0 : wire.stats().bytesIn();
    }
}
