/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.time.Duration;
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
            return Mono.when(bound.onDispose().onErrorComplete(), reception.close(deadline));
        });
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
