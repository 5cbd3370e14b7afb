/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;

/**
 * Cancels a request over HTTP on the event loop of its connection. Reactor Netty loses the buffers of an answer that
 * arrives while another thread, such as that of a timeout, cancels the request.
 *
 * @see <a href="https://github.com/reactor/reactor-netty/issues/3683">reactor-netty issue 3683</a>
 */
public final class CancelOnLoop {

    private CancelOnLoop() {}

    /**
     * Returns what a request gives. A timeout must be applied to the result, not inside the request.
     *
     * @param client the client
     * @param request the request with that client, whose signals are buffered here: there must be few of them
     */
    public static <T> Flux<T> of(HttpClient client, Function<HttpClient, ? extends Publisher<T>> request) {
        return Flux.create(
                sink -> {
                    // a closed connection does not know its loop any more
                    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
                    Consumer<Connection> connected =
                            connection -> loop.set(connection.channel().eventLoop());
                    Disposable running = Flux.from(request.apply(client.doOnConnected(connected)))
                            .contextWrite(sink.contextView())
                            .subscribe(sink::next, sink::error, sink::complete);
                    sink.onCancel(() -> {
                        EventLoop known = loop.get();
                        if (known == null || known.isShuttingDown()) {
                            running.dispose();
                        } else {
                            known.execute(running::dispose);
                        }
                    });
                },
                FluxSink.OverflowStrategy.BUFFER);
    }
}
