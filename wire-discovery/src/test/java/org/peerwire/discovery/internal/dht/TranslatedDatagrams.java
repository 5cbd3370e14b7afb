/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The network as a host behind address translation has it: only those that it has sent to reach it. */
record TranslatedDatagrams(DatagramNet net, InetSocketAddress address) implements Datagrams {

    @Override
    public Scheduler scheduler() {
        return net.clock;
    }

    @Override
    public Mono<Socket> open(InetSocketAddress local, Receiver receiver) {
        return Mono.fromSupplier(() -> {
            DatagramNet.Host host = net.host(address, receiver);
            host.translated = true;
            return host;
        });
    }
}
