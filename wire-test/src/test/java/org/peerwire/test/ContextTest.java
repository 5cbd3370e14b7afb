/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import io.micrometer.context.ContextRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.BlockSource;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/**
 * The context of a subscriber reaches the publishers of the user that the wire subscribes to, and with automatic context
 * propagation a value of its thread does, as that of a logger.
 */
class ContextTest {
    private static final String KEY = "trace";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ThreadLocal<String> trace = new ThreadLocal<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void propagate() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, trace);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void stop() {
        trace.remove();
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    }

    /** Notes the value of the context and of the thread, where a publisher of the user runs. */
    private <T> Mono<T> noting(Mono<T> then) {
        return Mono.deferContextual(context -> {
            seen.add(context.getOrDefault(KEY, "no context"));
            seen.add(String.valueOf(trace.get()));
            return then;
        });
    }

    @Test
    void readsOfASourceSeeTheContextOfServing() {
        ScriptedPeer peer = peer(FAST);
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        BlockSource disk = asked -> noting(Mono.just(bytes(asked)));
        peer.wire().blocks().serve(disk).contextWrite(Context.of(KEY, "serve")).subscribe();

        peer.send(request(block(0, 0)));

        assertThat(seen).containsExactly("serve", "serve");
        peer.dispose();
    }

    @Test
    void replacementsSeeTheContextOfTheDownload() {
        ScriptedPeer peer = unchoking(FAST);
        peer.wire()
                .blocks()
                .download(Flux.just(block(0, 0)), RequestWindow.fixed(1), (asked, failure) -> noting(Mono.empty()))
                .contextWrite(Context.of(KEY, "download"))
                .subscribe();

        peer.send(reject(block(0, 0)));

        assertThat(seen).containsExactly("download", "download");
        peer.dispose();
    }

    @Test
    void replacementsSeeTheValueOfTheThreadThatSubscribed() {
        ScriptedPeer peer = unchoking(FAST);
        trace.set("user 7");
        peer.wire()
                .blocks()
                .download(Flux.just(block(0, 0)), RequestWindow.fixed(1), (asked, failure) -> noting(Mono.empty()))
                .contextCapture()
                .subscribe();
        trace.remove();

        peer.send(reject(block(0, 0)));

        assertThat(seen).containsExactly("user 7", "user 7");
        peer.dispose();
    }

    @Test
    void sourceOfADownloadSeesItsContext() {
        ScriptedPeer peer = unchoking(FAST);
        peer.wire()
                .blocks()
                .download(noting(Mono.just(block(0, 0))))
                .contextWrite(Context.of(KEY, "download"))
                .subscribe();

        assertThat(seen).containsExactly("download", "download");
        peer.dispose();
    }

    @Test
    void admissionsAndHandlersSeeTheContextOfBinding() throws InterruptedException {
        BlockingQueue<Boolean> handled = new LinkedBlockingQueue<>();
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .admit((theirs, from) -> noting(Mono.just(OTHER)))
                .handle(wire -> noting(Mono.<Void>fromRunnable(() -> handled.add(true))))
                .bind()
                .contextWrite(Context.of(KEY, "server"))
                .block(PATIENCE);
        assertThat(server).isNotNull();
        LocalPeer self = SELF;
        WireClient.create()
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), self)
                .block(PATIENCE);

        assertThat(handled.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        server.disposeNow(PATIENCE);
        assertThat(seen).containsExactly("server", "server", "server", "server");
    }

    @Test
    void admissionOfOneConnectionSeesTheContextOfOpening() {
        MemoryChannel a = MemoryChannel.withReactorNetty(
                new InetSocketAddress("192.0.2.1", 1), new InetSocketAddress("192.0.2.2", 2));
        MemoryChannel b = MemoryChannel.withReactorNetty(
                new InetSocketAddress("192.0.2.2", 2), new InetSocketAddress("192.0.2.1", 1));
        MemoryChannel.connect(a, b, VirtualTimeScheduler.create());
        WireServer.create()
                .admit((theirs, from) -> noting(Mono.just(OTHER)))
                .over(b.connection())
                .contextWrite(Context.of(KEY, "over"))
                .subscribe();

        WireClient.create().over(a.connection(), SELF).subscribe(wire -> wire.dispose());

        assertThat(seen).containsExactly("over", "over");
    }
}
