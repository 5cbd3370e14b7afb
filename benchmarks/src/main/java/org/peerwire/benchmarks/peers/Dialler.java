/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * A program that dials as often as possible, 64 connections at a time. Run with {@code wire|bare PORT INFOHASH
 * ADDRESSES WARM_SECONDS SECONDS}. A wire is complete with the extended handshake, a bare Reactor Netty connection with
 * 68 bytes in each direction.
 */
public final class Dialler {
    private static final int AT_ONCE = 64;

    private Dialler() {}

    /** Runs the program. */
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[1]);
        int addresses = Integer.parseInt(args[3]);
        LoopResources loops = Program.loops();
        Function<InetSocketAddress, Mono<Void>> dial =
                args[0].equals("wire") ? wire(loops, args[2]) : bare(loops, args[2]);
        AtomicLong done = new AtomicLong();
        Flux.<InetSocketAddress, Integer>generate(() -> 0, (n, sink) -> {
                    // many addresses, because each has a limited number of source ports
                    sink.next(new InetSocketAddress("127.0.0." + (1 + n % addresses), port));
                    return n + 1;
                })
                .flatMap(seed -> dial.apply(seed).doOnSuccess(closed -> done.incrementAndGet()), AT_ONCE, 1)
                .subscribe(nothing -> {}, Dialler::fail);
        Thread.sleep(Long.parseLong(args[4]) * 1000);
        long count = done.get();
        double cpu = Program.cpuSeconds();
        long nanos = System.nanoTime();
        Thread.sleep(Long.parseLong(args[5]) * 1000);
        double dials = done.get() - count;
        cpu = Program.cpuSeconds() - cpu;
        double seconds = (System.nanoTime() - nanos) / 1e9;
        Program.tell("perSecond", dials / seconds, "perCpuSecond", dials / cpu);
        Runtime.getRuntime().halt(0);
    }

    private static void fail(Throwable error) {
        System.err.println("dialling failed: " + error);
        Runtime.getRuntime().halt(1);
    }

    private static Function<InetSocketAddress, Mono<Void>> wire(LoopResources loops, String infoHash) {
        WireClient client = WireClient.create().tcp(tcp -> tcp.runOn(loops));
        LocalPeer self = LocalPeer.of(InfoHash.parse(infoHash), PeerId.random());
        return seed -> client.connect(seed, self)
                .flatMap(wire ->
                        wire.extendedHandshake().switchIfEmpty(noHandshake()).then(wire.close()));
    }

    private static <T> Mono<T> noHandshake() {
        return Mono.error(new IllegalStateException("the peer must send an extended handshake"));
    }

    private static Function<InetSocketAddress, Mono<Void>> bare(LoopResources loops, String infoHash) {
        TcpClient client = TcpClient.newConnection().runOn(loops);
        byte[] hello = ByteBufUtil.getBytes(
                Netty.handshake(Unpooled.buffer(), HexFormat.of().parseHex(infoHash)));
        return seed -> client.remoteAddress(() -> seed).connect().flatMap(connection -> connection
                .outbound()
                .sendByteArray(Mono.just(hello))
                .then()
                .then(answered(connection))
                .then(close(connection)));
    }

    private static Mono<Integer> answered(Connection connection) {
        return connection
                .inbound()
                .receive()
                .map(ByteBuf::readableBytes)
                .scan(0, Integer::sum)
                .filter(bytes -> bytes >= Netty.HANDSHAKE_LENGTH)
                .next();
    }

    private static Mono<Void> close(Connection connection) {
        return Mono.defer(() -> {
            connection.dispose();
            return connection.onDispose();
        });
    }
}
