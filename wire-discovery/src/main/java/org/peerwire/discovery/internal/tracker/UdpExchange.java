/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.internal.net.MonotonicTime;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;

/**
 * One request to a UDP tracker: a connect, then the request itself, each sent again after 15·2ⁿ s without an answer, and
 * a new connect when the connection id is a minute old (BEP 15). Confined to the event loop of its socket.
 */
final class UdpExchange<T> {
    private static final long FIRST_WAIT = 15;
    private static final int LAST_ATTEMPT = 8;
    private static final long ID_LIFE = 60_000;

    /** The numbers that an exchange needs: two kinds of requests at most for each time that one is sent. */
    static final int MAX_TRANSACTIONS = 4 * (LAST_ATTEMPT + 1);

    private final Connection connection;
    private final Channel channel;
    private final Scheduler clock;
    private final MonotonicTime time;
    private final int[] transactions;
    private final UdpRequest<T> request;
    private final MonoSink<T> sink;

    private final Disposable.Swap timer = Disposables.swap();
    private boolean connecting = true;
    private int used;
    private int attempt;
    private long id;
    private long idTime;
    private boolean ended;

    private UdpExchange(
            Connection connection, Scheduler clock, int[] transactions, UdpRequest<T> request, MonoSink<T> sink) {
        this.connection = connection;
        this.channel = connection.channel();
        this.clock = clock;
        this.time = new MonotonicTime(clock);
        this.transactions = transactions;
        this.request = request;
        this.sink = sink;
    }

    /**
     * Sends a request. The caller closes the socket at the end.
     *
     * @param transactions {@link #MAX_TRANSACTIONS} numbers that nobody can guess
     * @return the answer on the event loop. Fails with {@link TrackerException} or an error of the socket
     */
    static <T> Mono<T> run(Connection connection, Scheduler clock, int[] transactions, UdpRequest<T> request) {
        return Mono.create(sink -> {
            UdpExchange<T> exchange = new UdpExchange<>(connection, clock, transactions, request, sink);
            sink.onDispose(() -> exchange.channel.eventLoop().execute(exchange::end));
            exchange.channel.eventLoop().execute(exchange::begin);
        });
    }

    private void begin() {
        if (ended) {
            return;
        }
        connection.inbound().receive().subscribe(this::received, this::fail, () -> fail(new ClosedChannelException()));
        send();
    }

    private void send() {
        if (ended) {
            return;
        }
        if (!connecting && time.millis() - idTime >= ID_LIFE) {
            connecting = true;
            used++;
        }
        try {
            timer.update(clock.schedule(
                    () -> channel.eventLoop().execute(this::unanswered), FIRST_WAIT << attempt, TimeUnit.SECONDS));
        } catch (RejectedExecutionException clockIsDisposed) {
            fail(clockIsDisposed);
            return;
        }
        ByteBuf packet = connecting
                ? UdpPackets.connect(transaction())
                : request.packet().create(id, transaction());
        channel.writeAndFlush(packet).addListener(sent -> {
            if (!sent.isSuccess()) {
                fail(sent.cause());
            }
        });
    }

    private void unanswered() {
        if (ended) {
            return;
        }
        if (attempt == LAST_ATTEMPT || used >= transactions.length - 2) {
            fail(Failures.timeout(new TimeoutException()));
            return;
        }
        attempt++;
        send();
    }

    /** Takes a packet, which its publisher releases. Another packet than the awaited one is ignored. */
    private void received(ByteBuf packet) {
        UdpReply reply = UdpReply.read(packet);
        if (ended || reply == null || reply.transaction() != transaction()) {
            return;
        }
        try {
            if (reply.action() == UdpPackets.ERROR) {
                fail(reply.failure());
            } else if (connecting && reply.action() == UdpPackets.CONNECT) {
                connected(reply.connection());
            } else if (!connecting && reply.action() == request.action()) {
                T answer = request.reader().apply(reply);
                end();
                sink.success(answer);
            }
        } catch (TrackerException malformed) {
            fail(malformed);
        }
    }

    private void connected(long newId) {
        connecting = false;
        id = newId;
        idTime = time.millis();
        used++;
        attempt = 0;
        send();
    }

    private int transaction() {
        return transactions[used];
    }

    private void fail(@Nullable Throwable error) {
        if (!ended) {
            end();
            sink.error(error == null ? new ClosedChannelException() : error);
        }
    }

    private void end() {
        ended = true;
        timer.dispose();
    }
}
