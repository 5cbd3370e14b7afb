/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.Wire;
import org.peerwire.WireFailure;
import org.peerwire.WireFailure.Stage;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpServer;

/**
 * The connections of one bound server. Counts each from the moment when its channel is made, before TLS and before any
 * byte is read, and until its channel is closed. Thread-safe.
 */
public final class Reception {
    private final ConnectionCounts counts;
    private final FailureReports failures;
    private final Function<Connection, Mono<Wire>> opener;
    private final Function<? super Wire, ? extends Publisher<Void>> handler;
    private final Map<Channel, Accepted> open = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * Creates a reception without connections.
     *
     * @param maxConnections the limit of open connections
     * @param maxPerAddress the limit of open connections of one address
     * @param opener opens a wire over a connection
     * @param handler the use of a wire
     * @param onFailure hears of every failure
     */
    public Reception(
            int maxConnections,
            int maxPerAddress,
            Function<Connection, Mono<Wire>> opener,
            Function<? super Wire, ? extends Publisher<Void>> handler,
            Consumer<? super WireFailure> onFailure) {
        this.counts = new ConnectionCounts(maxConnections, maxPerAddress);
        this.failures = new FailureReports(onFailure);
        this.opener = opener;
        this.handler = handler;
    }

    /** Returns a server whose connections come here. */
    TcpServer attach(TcpServer tcp) {
        return tcp.doOnChannelInit((observer, channel, remote) -> accept(channel))
                .doOnConnection(this::onConnection);
    }

    private void accept(Channel channel) {
        SocketAddress from = remoteAddress(channel);
        if (closing) {
            refuse(channel, from, Reason.CLOSED, "the server is closing");
            return;
        }
        String limit = counts.enter(from);
        if (limit != null) {
            refuse(channel, from, Reason.BUSY, limit);
            return;
        }
        Accepted accepted = new Accepted(channel, from, failures);
        open.put(channel, accepted);
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            counts.leave(from);
            accepted.onClosed();
        });
        if (closing) { // since the question above
            accepted.close(Duration.ofMillis(1));
        }
    }

    private void refuse(Channel channel, SocketAddress from, Reason reason, String why) {
        channel.close();
        failures.report(new WireFailure(from, Stage.REFUSED, Optional.empty(), new HandshakeException(reason, why)));
    }

    private void onConnection(Connection connection) {
        Accepted accepted = open.get(connection.channel());
        if (accepted != null) {
            accepted.open(connection, opener, handler);
        }
    }

    private static SocketAddress remoteAddress(Channel channel) {
        @Nullable SocketAddress remote = channel.remoteAddress();
        return remote != null ? remote : channel.parent().localAddress();
    }

    /** Refuses further connections and closes the open ones. Completes when they are closed. */
    Mono<Void> close(Duration deadline) {
        closing = true;
        List<Mono<Void>> ends =
                open.values().stream().map(accepted -> accepted.close(deadline)).toList();
        return Mono.when(ends);
    }

    int connections() {
        return counts.all();
    }
}
