/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.discovery.DhtStats;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** Nodes on one {@link DatagramNet}. Each one begins with one of the first ones. */
final class DhtWorld {
    final DatagramNet net;
    final List<Engine> nodes = new ArrayList<>();

    DhtWorld(long seed) {
        net = new DatagramNet(seed);
    }

    DhtOptions.Builder options(int number) {
        return DhtOptions.builder()
                .listen(new InetSocketAddress("0.0.0.0", 0))
                .bootstrap(
                        number == 0 ? List.of() : List.of(DatagramNet.address(net.random.nextInt(Math.min(number, 5)))))
                .seed(net.random.nextLong());
    }

    Engine add(UnaryOperator<DhtOptions.Builder> changes) {
        int number = nodes.size();
        Engine node = new Engine(changes.apply(options(number)).build(), net.at(DatagramNet.address(number)));
        nodes.add(node);
        return node;
    }

    /** Adds nodes and starts them, a few each second. */
    DhtWorld grow(int count) {
        for (int i = 0; i < count; i++) {
            add(options -> options).start().subscribe();
            net.advance(Duration.ofMillis(100));
        }
        net.advance(Duration.ofSeconds(20));
        return this;
    }

    Engine node(int number) {
        return nodes.get(number);
    }

    /** Waits up to a virtual minute. Returns null for an empty result. */
    <T> T await(Mono<T> result) {
        TestSubscriber<T> subscriber = TestSubscriber.create();
        result.subscribe(subscriber);
        for (int i = 0; i < 600 && !subscriber.isTerminated(); i++) {
            net.advance(Duration.ofMillis(100));
        }
        if (subscriber.isTerminatedError()) {
            throw new AssertionError(subscriber.expectTerminalError());
        }
        if (!subscriber.isTerminated()) {
            throw new AssertionError("no result within a minute");
        }
        List<T> values = subscriber.getReceivedOnNext();
        return values.isEmpty() ? null : values.get(0);
    }

    List<InetSocketAddress> peers(Engine node, NodeId hash) {
        return await(new PeersFlux(node, hash, null).collectList());
    }

    DhtStats stats(Engine node) {
        return await(node.stats());
    }

    NodeId hash() {
        return NodeId.random(net.random);
    }
}
