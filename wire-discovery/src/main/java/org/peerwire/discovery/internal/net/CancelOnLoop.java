/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.util.context.Context;

/**
 * Cancels a request over HTTP on the event loop of its connection. Reactor Netty loses the buffers of an answer that
 * arrives while another thread, such as that of a timeout, cancels the request.
 *
 * @see <a href="https://github.com/reactor/reactor-netty/issues/3683">reactor-netty issue 3683</a>
 */
public final class CancelOnLoop {

    private CancelOnLoop() {}

    /**
     * Returns what a request gives, with the demand of the subscriber. Releases buffers that come after its cancellation.
     * A timeout must be applied to the result, not inside the request.
     *
     * @param client the client
     * @param request the request with that client
     */
    public static <T> Flux<T> of(HttpClient client, Function<HttpClient, ? extends Publisher<T>> request) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                Relay<T> relay = new Relay<>(actual);
                HttpClient watched = client.doOnRequest((unsent, connection) -> relay.reaches(connection));
                Flux.defer(() -> request.apply(watched)).subscribe(relay);
            }
        };
    }

    /** The end of the search for a loop. */
    private record Place(@Nullable EventLoop loop) {
        static final Place TOO_LATE = new Place(null);
    }

    private static final class Relay<T> implements CoreSubscriber<T>, Subscription {
        private final CoreSubscriber<? super T> actual;
        private final AtomicBoolean isCancelled = new AtomicBoolean();
        /** The loop of the connection, remembered because a closed connection does not know it; or too late for one. */
        private final AtomicReference<@Nullable Place> place = new AtomicReference<>();

        private Subscription upstream = Operators.cancelledSubscription();

        Relay(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        /** Notes the loop of a connection before the request is sent. A cancellation before it has not seen the loop. */
        void reaches(Connection connection) {
            Place here = new Place(connection.channel().eventLoop());
            if (place.updateAndGet(before -> before == Place.TOO_LATE ? before : here) == Place.TOO_LATE) {
                connection.dispose();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T value) {
            if (isCancelled.get()) {
                ReferenceCountUtil.release(value);
            } else {
                actual.onNext(value);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (!isCancelled.get()) {
                actual.onError(error);
            }
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void request(long count) {
            upstream.request(count);
        }

        @Override
        public void cancel() {
            if (isCancelled.compareAndSet(false, true)) {
                Place found = place.compareAndExchange(null, Place.TOO_LATE);
                EventLoop known = found == null ? null : found.loop();
                if (known == null || known.inEventLoop() || known.isShuttingDown()) {
                    upstream.cancel();
                } else {
                    known.execute(upstream::cancel);
                }
            }
        }
    }
}
