/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.peerwire.Block;
import org.peerwire.BlockSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.discovery.LocalPeers;
import org.peerwire.discovery.Trackers;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** The programs of the README, which the build compiles here. */
final class Readme {
    private final BlockFiles files;

    Readme(BlockFiles files) {
        this.files = files;
    }

    Mono<Void> download(MagnetLink magnet, Path folder) {
        Dht dht = Dht.create(DhtOptions.defaults()); // one for all swarms
        Swarm swarm = Swarm.of(magnet)
                .discover(Trackers.of(magnet), dht, LocalPeers.create())
                .connect();
        return swarm.download(FileStore.in(folder)).then(swarm.close()).then(dht.close());
    }

    Mono<Void> copy(Swarm swarm, Bucket bucket) {
        return swarm.pieces() // verified, as they come, no more than downstream takes
                .concatMap(piece -> bucket.put(piece.index(), piece.data()), 1) // a slow bucket slows every peer
                .then();
    }

    /** An object store of a user. */
    interface Bucket {
        /** Returns a publisher that completes when the bytes are stored. */
        Mono<Void> put(int index, ByteBuf data);
    }

    Flux<Block> leech(Wire wire, Flux<BlockRequest> wanted) {
        return wire.outbound()
                .send(new Message.Interested())
                .thenMany(wire.blocks().download(wanted))
                .concatMap(this::writeToDisk);
    }

    DisposableServer seed(LocalPeer self, PieceSet mine, BlockSource disk) {
        return WireServer.create()
                .port(6881)
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> wire.outbound()
                        .send(Flux.just(new Message.Bitfield(mine), new Message.Unchoke()))
                        .then(wire.blocks().serve(disk)))
                .bindNow();
    }

    Mono<Wire> dial(LocalPeer self, SocketAddress address) {
        return WireClient.create().encryption(EncryptionPolicy.PREFER_ENCRYPTED).connect(address, self);
    }

    DisposableServer accept(LocalPeer self) {
        return WireServer.create()
                .encryption(EncryptionPolicy.REQUIRE, EncryptionKeys.of(self.infoHash()))
                .admit((theirs, from) -> Mono.just(self))
                .bindNow();
    }

    private Mono<Block> writeToDisk(Block block) {
        return files.write(block).thenReturn(block);
    }
}
