/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.extension.Extension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * Two wires over TCP on the loopback interface, each with an event loop. Counts the buffers of the dialler's channel.
 */
final class Loopback implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    static final String EXTENSION = "xx_load";
    private static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    final Wire dialler;
    final Wire listener;
    private final AtomicReference<Channel> channel = new AtomicReference<>();
    private final LoopResources loops = LoopResources.create("load", 2, true);
    private final DisposableServer server;

    private Loopback(
            boolean epoll,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener) {
        WireOptions set = options.apply(WireOptions.builder()).build();
        LocalPeer listening = peer();
        Sinks.One<Wire> accepted = Sinks.one();
        server = WireServer.create()
                .options(set)
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(listening))
                .handle(wire -> {
                    onListener.accept(wire);
                    accepted.tryEmitValue(wire);
                    return wire.onClose();
                })
                .bindNow();
        dialler = WireClient.create()
                .options(set)
                .tcp(tcp -> tcp.runOn(loops, epoll)
                        .option(ChannelOption.ALLOCATOR, buffers)
                        .doOnConnected(connection -> channel.set(connection.channel())))
                .connect(server.address(), peer())
                .doOnNext(onDialler)
                .block(SOON);
        listener = accepted.asMono().block(SOON);
    }

    static Loopback open(
            boolean epoll,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener) {
        return new Loopback(epoll, options, onDialler, onListener);
    }

    static LocalPeer peer() {
        return LocalPeer.of(TORRENT, PeerId.random()).withExtension(Extension.named(EXTENSION));
    }

    /** Returns whether the dialler reads from its socket. */
    boolean isReading() {
        return channel.get().config().isAutoRead();
    }

    /** Returns the bytes of all unreleased buffers of the dialler's channel. */
    long held() {
        return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, SOON, condition);
    }

    static void await(String what, Duration most, BooleanSupplier condition) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " must happen within " + most.toSeconds() + " s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Spins for a condition that takes less time than a sleep. */
    static void awaitBusily(String what, BooleanSupplier condition) {
        for (int i = 0; i < 10_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.onSpinWait();
        }
        await(what, condition);
    }

    /** Waits until a number is stable for 80 ms. */
    static long settled(LongSupplier number) {
        long last = -1;
        for (int same = 0; same < 40; ) {
            long now = number.getAsLong();
            same = now == last ? same + 1 : 0;
            last = now;
            LockSupport.parkNanos(2_000_000);
        }
        return last;
    }

    @Override
    public void close() {
        dialler.dispose();
        listener.dispose();
        server.disposeNow(SOON);
        loops.disposeLater(Duration.ZERO, SOON).block(SOON);
    }
}
