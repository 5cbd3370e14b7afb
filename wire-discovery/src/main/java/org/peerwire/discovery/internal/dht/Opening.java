/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.peerwire.discovery.DhtEvent;
import org.peerwire.discovery.DhtException;
import org.peerwire.discovery.DhtOptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Opens the sockets of the options, as many of them as can be. */
final class Opening {
    private final Datagrams datagrams;
    private final DhtOptions options;

    Opening(Datagrams datagrams, DhtOptions options) {
        this.datagrams = datagrams;
        this.options = options;
    }

    /** A consumer of the datagrams of all sockets. */
    interface Receiver {
        void received(Family family, byte[] packet, InetSocketAddress from);
    }

    /** Returns the open sockets, at least one. Fails with {@link DhtException} without any. */
    Mono<List<Datagrams.Socket>> open(Receiver receiver, Consumer<DhtEvent> events) {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        return Flux.fromIterable(options.listen())
                .concatMap(local -> open(local, receiver)
                        .onErrorResume(error -> local.getPort() != 0
                                        && local != options.listen().get(0)
                                ? open(new InetSocketAddress(local.getAddress(), 0), receiver)
                                : Mono.error(error))
                        .onErrorResume(error -> {
                            events.accept(new DhtEvent.NotListening(local, error));
                            errors.add(error);
                            return Mono.empty();
                        }))
                .collectList()
                .filter(sockets -> !sockets.isEmpty())
                .switchIfEmpty(Mono.error(() -> failure(errors.get(0))));
    }

    private DhtException failure(Throwable cause) {
        return new DhtException(
                DhtException.Reason.NO_SOCKET,
                "cannot open a UDP socket on " + options.listen() + ": " + cause.getMessage()
                        + "; choose others with DhtOptions.listen",
                cause);
    }

    private Mono<Datagrams.Socket> open(InetSocketAddress local, Receiver receiver) {
        Family family = Family.of(local);
        return datagrams.open(local, (packet, from) -> receiver.received(family, packet, from));
    }
}
