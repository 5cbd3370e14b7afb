/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.test.BlockingCalls;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** The contract over TCP on the loopback interface. */
interface TcpWireContract extends WireContract {
    boolean preferNative();

    default EncryptionPolicy encryption() {
        return EncryptionPolicy.PLAINTEXT_ONLY;
    }

    record Connected(Wire dialler, Wire listener, DisposableServer server, LoopResources loops) implements Ends {
        @Override
        public void close() {
            dialler.dispose();
            listener.dispose();
            server.disposeNow(SOON);
            loops.disposeLater(Duration.ZERO, SOON).block(SOON);
        }
    }

    @Override
    default Ends open(
            LocalPeer dialler,
            LocalPeer listener,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener) {
        WireOptions set = options.apply(WireOptions.builder()).build();
        LoopResources loops = LoopResources.create("contract", 2, true);
        Sinks.One<Wire> accepted = Sinks.one();
        DisposableServer server = WireServer.create()
                .options(set)
                .encryption(encryption(), EncryptionKeys.of(listener.infoHash()))
                .tcp(tcp -> tcp.runOn(loops, preferNative()))
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(listener))
                .handle(wire -> {
                    onListener.accept(wire);
                    accepted.tryEmitValue(wire);
                    return wire.onClose();
                })
                .bindNow();
        Wire dialled = WireClient.create()
                .options(set)
                .encryption(encryption())
                .tcp(tcp -> tcp.runOn(loops, preferNative()))
                .connect(server.address(), dialler)
                .doOnNext(onDialler)
                .block(SOON);
        Wire listening = accepted.asMono().block(SOON);
        if (dialled == null || listening == null) {
            throw new IllegalStateException(
                    "both ends must have a wire, was dialled " + dialled + " and accepted " + listening);
        }
        return new Connected(dialled, listening, server, loops);
    }

    /** Shows that BlockHound is active. A wire in memory has no thread of its own. */
    @Test
    default void blockingOnTheEventLoopFails() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Ends ends = open(
                peer(),
                peer(),
                options -> options,
                wire -> seen.set(catchThrowable(() -> Thread.sleep(1))),
                wire -> {});
        ends.close();

        assertThat(seen.get()).isInstanceOf(BlockingOperationError.class);
        assertThat(BlockingCalls.next()).isSameAs(seen.get());
    }
}
