/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.SocketAddress;
import org.peerwire.Block;
import org.peerwire.BlockSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.examples.swarm.Storage;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** The programs of the README, which the build compiles here. */
final class Readme {
    private final Storage storage;

    Readme(Storage storage) {
        this.storage = storage;
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
        return storage.write(block).thenReturn(block);
    }
}
