/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The transport of a contract: opens two ends of one connection. */
interface TransportUnderTest {
    InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    TorrentShape SHAPE = TorrentShape.of(4 << 20, 256 * 1024);
    Duration SOON = Duration.ofSeconds(10);

    /** The two ends of one connection. Each is passed to its user before it reads. */
    interface Ends extends AutoCloseable {
        Wire dialler();

        Wire listener();

        @Override
        void close();
    }

    Ends open(
            LocalPeer dialler,
            LocalPeer listener,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener);

    default Ends open(Consumer<Wire> onDialler, Consumer<Wire> onListener) {
        return open(peer(), peer(), options -> options, onDialler, onListener);
    }

    default LocalPeer peer() {
        return LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE).withExtension(Extension.named("xx_echo"));
    }

    default Mono<ByteBuf> zeros(BlockRequest request) {
        return Mono.fromSupplier(() -> Unpooled.buffer(request.length()).writeZero(request.length()));
    }

    default Consumer<Wire> seed() {
        return wire -> wire.outbound()
                .send(Flux.just(new Message.HaveAll(), new Message.Unchoke()))
                .then(wire.blocks().serve(this::zeros))
                .subscribe();
    }

    /** Returns true if all work happens on the calling thread, so that other threads are not allowed. */
    default boolean runsOnTheCallingThread() {
        return false;
    }

    /** Advances the clock if it is virtual. */
    default void advance(Ends ends, Duration time) {}

    /** Sends a message that leaves after earlier subscriptions from this thread have taken effect. */
    default Mono<Void> settled(Wire subscribedTo) {
        return subscribedTo.outbound().send(new Message.KeepAlive());
    }
}
