/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.peerwire.BoundServer;
import org.peerwire.internal.loop.Deadlines;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/** The user's view of a bound server. */
public final class Listening implements BoundServer {
    /** The time from the cut of a connection to its close, with much to spare. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final DisposableServer bound;
    private final Reception reception;

    private Listening(DisposableServer bound, Reception reception) {
        this.bound = bound;
        this.reception = reception;
    }

    /** Binds a server on subscription, whose connections come to a reception. */
    public static Mono<BoundServer> bind(TcpServer tcp, Reception reception) {
        return reception.attach(tcp).bind().map(bound -> new Listening(bound, reception));
    }

    @Override
    public Mono<Void> close(Duration deadline) {
        Deadlines.check(deadline);
        return Mono.defer(() -> {
            bound.dispose();
            return Mono.when(onDispose(), reception.close(deadline));
        });
    }

    @Override
    public Mono<Void> onDispose() {
        return bound.onDispose().onErrorComplete().then(nextTurn());
    }

    /**
     * Completes in the next turn of the server's event loop, or at its end. NIO keeps a closed socket listening until
     * the next select, with which each turn begins. A task of a task runs in the same turn; a timer does not.
     */
    private Mono<Void> nextTurn() {
        EventLoop loop = channel().eventLoop();
        return Mono.<Void>create(ended -> loop.execute(
                        () -> loop.schedule(() -> {}, 1, TimeUnit.NANOSECONDS).addListener(future -> ended.success())))
                .onErrorComplete(RejectedExecutionException.class);
    }

    @Override
    public void disposeNow(Duration deadline) {
        Duration time = deadline.compareTo(SHORTEST) < 0 ? SHORTEST : deadline;
        close(time).block(time.plus(MARGIN));
    }

    @Override
    public int connections() {
        return reception.connections();
    }

    @Override
    public void dispose() {
        bound.dispose();
    }

    @Override
    public Channel channel() {
        return bound.channel();
    }

    @Override
    public SocketAddress address() {
        return bound.address();
    }

    @Override
    public String host() {
        return bound.host();
    }

    @Override
    public String path() {
        return bound.path();
    }

    @Override
    public int port() {
        return bound.port();
    }
}
