/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A network of datagrams: real UDP, or one of a test. */
public interface Datagrams {

    /** Returns the scheduler of the thread that the sockets work on. It is not disposed by the user of the network. */
    Scheduler scheduler();

    /**
     * Opens a socket.
     *
     * @param local the address to bind; port 0 is any
     * @param receiver called for each datagram, on any thread, one at a time
     * @return the socket; fails if the address cannot be bound
     */
    Mono<Socket> open(InetSocketAddress local, Receiver receiver);

    /** A consumer of datagrams. */
    @FunctionalInterface
    interface Receiver {
        /** Takes a datagram. The array is its own. */
        void received(byte[] packet, InetSocketAddress from);
    }

    /** An open socket. */
    interface Socket {
        /** Returns the bound address. */
        InetSocketAddress local();

        /** Sends a datagram, or discards it if the system takes no more. Any thread may call it. */
        void send(byte[] packet, InetSocketAddress to);

        /** Returns the end of the close, which begins at the subscription. */
        Mono<Void> close();
    }
}
