/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;

/** One dial: an answer after a round trip, or a failure after the connect timeout. */
final class NetDial {
    /** That of Reactor Netty. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private static final int MIN_WINDOW = 64 * 1024;
    private static final int MAX_WINDOW = 16 * 1024 * 1024;

    private final TestSwarm net;
    private final NetHost from;
    private final InetSocketAddress to;
    private final MonoSink<Connection> sink;
    private final Disposable.Swap task = Disposables.swap();
    private boolean over;

    NetDial(TestSwarm net, NetHost from, InetSocketAddress to, MonoSink<Connection> sink) {
        this.net = net;
        this.from = from;
        this.to = to;
        this.sink = sink;
    }

    void start() {
        sink.onDispose(this::end);
        NetHost target = net.hostOf(to);
        Duration delay = from.link().delay();
        Duration oneWay = target == null ? delay : delay.plus(target.link().delay());
        after(oneWay.multipliedBy(2), () -> answer(oneWay));
    }

    private void end() {
        over = true;
        task.dispose();
    }

    private void after(Duration time, Runnable next) {
        task.update(net.clock().schedule(next, time.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void answer(Duration oneWay) {
        NetHost target = net.hostOf(to);
        Consumer<? super Connection> acceptor = net.acceptor(to);
        if (from.isOff()) {
            sink.error(new ConnectException("Network is unreachable"));
        } else if (!from.answers() || (target != null && !target.answers())) {
            after(CONNECT_TIMEOUT.minus(oneWay.multipliedBy(2)), this::timeOut);
        } else if (target == null || acceptor == null) {
            sink.error(new ConnectException("Connection refused"));
        } else {
            open(target, acceptor, oneWay);
        }
    }

    private void timeOut() {
        sink.error(new ConnectTimeoutException("connection timed out after " + CONNECT_TIMEOUT));
    }

    private void open(NetHost target, Consumer<? super Connection> acceptor, Duration oneWay) {
        InetSocketAddress port = from.nextPort();
        MemoryChannel here = MemoryChannel.withReactorNetty(port, to);
        MemoryChannel there = MemoryChannel.withReactorNetty(to, port);
        MemoryChannel.connect(here, there, line(target, from, here, oneWay), line(from, target, there, oneWay));
        from.add(here);
        target.add(there);
        acceptor.accept(there.connection());
        if (over) {
            here.close();
        } else {
            sink.success(here.connection());
        }
    }

    private Line line(NetHost sender, NetHost receiver, MemoryChannel end, Duration oneWay) {
        AccessRoute route = new AccessRoute(sender.upload(), receiver.download(), net.events(), net.nextLine());
        long rate = Math.min(sender.link().upload(), receiver.link().download());
        Line line = new Line(net.clock(), end::deliver, route, window(rate, oneWay));
        route.leadTo(line);
        return line.delay(oneWay);
    }

    /** Returns a window that keeps both accesses busy although the sender hears late, and only of half windows. */
    private int window(long rate, Duration oneWay) {
        double inFlight = (double) rate * oneWay.toNanos() / TimeUnit.SECONDS.toNanos(1);
        return (int) Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, 4 * inFlight + 8 * net.packet()));
    }
}
