/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.peerwire.BlockSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** A peer of a {@link TestSwarm} with real wires and a {@link PeerConduct}. It accepts plain and encrypted wires. */
public final class TestPeer {
    private final TestSwarm net;
    private final InetSocketAddress address;
    private final LocalPeer self;
    private final TorrentShape shape;
    private final BlockSource source;
    private final PeerConduct conduct;
    private final long chance;
    private final WireServer server;
    private final WireOptions options;
    private final Set<Wire> wires = new LinkedHashSet<>();
    private long opened;
    private long requests;
    private long sentOnClosed;

    TestPeer(TestSwarm net, InetSocketAddress address, LocalPeer self, BlockSource source, PeerConduct conduct) {
        this.net = net;
        this.address = address;
        this.self = self.withFeatures(conduct.features());
        this.shape = Objects.requireNonNull(self.shape());
        this.source = source;
        this.conduct = conduct;
        this.chance = net.random().nextLong();
        this.options =
                net.options().mutate().uploadBuffer(conduct.uploadBuffer()).build();
        this.server = WireServer.create()
                .options(options)
                .encryption(EncryptionPolicy.PREFER_PLAINTEXT, EncryptionKeys.of(self.infoHash()))
                .admit((theirs, from) ->
                        theirs.infoHash().equals(self.infoHash()) ? Mono.just(this.self) : Mono.empty());
        net.listen(address, this::accept);
    }

    /** Returns a source that reads the blocks of a torrent from an array, without a copy. */
    public static BlockSource source(TorrentShape shape, byte[] data) {
        return request -> Mono.fromSupplier(() -> Unpooled.wrappedBuffer(
                data,
                Math.toIntExact((long) request.piece() * shape.pieceLength() + request.offset()),
                request.length()));
    }

    /** Returns the address on which the peer listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns the identity of the peer. */
    public LocalPeer self() {
        return self;
    }

    /** Returns the conduct of the peer. */
    public PeerConduct conduct() {
        return conduct;
    }

    /** Dials another peer. A failure is ignored, as by a peer that knows many others. */
    public void dial(InetSocketAddress other) {
        net.client(address)
                .options(options)
                .encryption(EncryptionPolicy.PLAINTEXT_ONLY)
                .connect(other, self)
                .subscribe(
                        wire -> {
                            use(wire);
                            wire.onClose().onErrorComplete().subscribe(null, null, () -> comeBack(other));
                        },
                        failure -> comeBack(other));
    }

    private void comeBack(InetSocketAddress other) {
        if (!conduct.comeback().isZero()) {
            net.clock().schedule(() -> dial(other), conduct.comeback().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void accept(Connection connection) {
        server.over(connection).subscribe(this::use, failure -> {});
    }

    private void use(Wire wire) {
        opened++;
        wires.add(wire);
        wire.onClose().onErrorComplete().subscribe(null, null, () -> {
            wires.remove(wire);
            sentOnClosed += wire.stats().payloadOut();
        });
        wire.inbound().ofType(Message.Request.class).subscribe(request -> requests++, failure -> {});
        wire.announce(PieceSet.all(shape.pieceCount())).subscribe(null, failure -> {});
        PeerConduct.Circumstances at = new PeerConduct.Circumstances(wire, shape, net.clock(), new Random(chance));
        wire.blocks().serve(conduct.source(source, at)).subscribe(null, failure -> {});
        conduct.begin(at);
    }

    // ---- what it was asked ----

    /** Returns the number of wires that have opened, accepted and dialled. */
    public long wiresOpened() {
        return opened;
    }

    /** Returns the number of wires that are open. */
    public int wiresOpen() {
        return wires.size();
    }

    /** Returns the number of requests received. */
    public long requests() {
        return requests;
    }

    /** Returns the number of bytes of blocks sent. */
    public long bytesSent() {
        return sentOnClosed
                + wires.stream().mapToLong(wire -> wire.stats().payloadOut()).sum();
    }

    @Override
    public String toString() {
        return conduct + " " + address;
    }
}
