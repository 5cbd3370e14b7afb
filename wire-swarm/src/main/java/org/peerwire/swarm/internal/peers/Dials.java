/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.peerwire.ConnectionException;
import org.peerwire.Wire;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** The dials under way, at most one of each address. Confined to the swarm's thread. */
final class Dials {
    /** The maximum time of a dial with its repetitions: a function of the user may never answer. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** The owner of the wires. */
    @FunctionalInterface
    interface Opened {
        /**
         * Takes a wire, also one that comes after its dial was cancelled. Called on the event loop of the wire before
         * its first read; must not throw.
         *
         * @param end to be called once on the swarm's thread; returns false if the dial was cancelled
         */
        void on(InetSocketAddress address, Wire wire, BooleanSupplier end);
    }

    private final SwarmLoop loop;
    private final Opened opened;
    private final BiConsumer<InetSocketAddress, Throwable> failed;
    private final Map<InetSocketAddress, Disposable> running = new HashMap<>();

    /**
     * Creates an object without dials.
     *
     * @param opened owns each wire
     * @param failed called on the swarm's thread after the end of the dial, unless it was cancelled
     */
    Dials(SwarmLoop loop, Opened opened, BiConsumer<InetSocketAddress, Throwable> failed) {
        this.loop = loop;
        this.opened = opened;
        this.failed = failed;
    }

    /** Begins a dial, unless one of the address is under way. */
    void begin(InetSocketAddress address, Mono<Wire> dial) {
        Disposable.Swap slot = Disposables.swap();
        if (running.putIfAbsent(address, slot) != null) {
            return;
        }
        BooleanSupplier end = () -> running.remove(address, slot);
        slot.update(dial.doOnNext(wire -> opened.on(address, wire, end)) // above the limit, which drops a late wire
                .switchIfEmpty(Mono.error(() ->
                        new ConnectionException(ConnectionException.Reason.FAILED, "the dial has returned no wire")))
                .timeout(LIMIT, Mono.error(Dials::late), loop)
                .subscribe(wire -> {}, e -> loop.schedule(() -> fail(address, slot, e))));
    }

    private static ConnectionException late() {
        return new ConnectionException(
                ConnectionException.Reason.FAILED, "no wire after " + Reasons.text(LIMIT) + ", the limit of a dial");
    }

    private void fail(InetSocketAddress address, Disposable slot, Throwable e) {
        if (running.remove(address, slot)) {
            failed.accept(address, e);
        }
    }

    /** Returns the reason of a failed dial, without the address. */
    static String reason(Throwable e) {
        return Reasons.text(e instanceof ConnectionException && e.getCause() instanceof IOException io ? io : e);
    }

    /** Cancels the dials of some addresses. */
    void cancel(Predicate<InetSocketAddress> cancelled) {
        List.copyOf(running.keySet()).stream().filter(cancelled).forEach(address -> {
            Disposable slot = running.remove(address);
            if (slot != null) {
                slot.dispose();
            }
        });
    }

    /** Returns the number of dials under way. */
    int size() {
        return running.size();
    }
}
