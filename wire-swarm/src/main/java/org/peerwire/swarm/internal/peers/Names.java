/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The names of hosts that the user has given, until they are resolved. A lookup blocks, so it runs elsewhere. An
 * unknown name is looked up again, after pauses that double to 30 s. Confined to the swarm's thread.
 */
final class Names implements Disposable {
    private static final int MAX_NAMES = 1_000;
    private static final long FIRST_DELAY = 1_000;
    private static final long LAST_DELAY = 30_000;

    private final SwarmLoop loop;
    private final Consumer<InetSocketAddress> resolved;
    private final BiConsumer<InetSocketAddress, Throwable> unknown;
    private final Map<InetSocketAddress, Lookup> lookups = new HashMap<>();
    private boolean disposed;

    /** The lookup under way, and the timer of the next one. */
    private record Lookup(Disposable.Swap query, Disposable.Swap timer) {
        void dispose() {
            query.dispose();
            timer.dispose();
        }
    }

    /**
     * Creates an object without names.
     *
     * @param resolved called on the swarm's thread with the address of a name
     * @param unknown called on the swarm's thread when the first lookup of a name has failed
     */
    Names(SwarmLoop loop, Consumer<InetSocketAddress> resolved, BiConsumer<InetSocketAddress, Throwable> unknown) {
        this.loop = loop;
        this.resolved = resolved;
        this.unknown = unknown;
    }

    /** Looks a name up, unless 1,000 names wait already. */
    void resolve(InetSocketAddress name) {
        if (disposed || lookups.size() >= MAX_NAMES) {
            return;
        }
        Lookup lookup = new Lookup(Disposables.swap(), Disposables.swap());
        if (lookups.putIfAbsent(name, lookup) == null) {
            attempt(name, lookup, 0);
        }
    }

    private void attempt(InetSocketAddress name, Lookup lookup, int failures) {
        lookup.query()
                .update(Mono.fromCallable(() -> lookup(name))
                        .subscribeOn(Schedulers.boundedElastic())
                        .publishOn(loop)
                        .subscribe(
                                address -> {
                                    if (lookups.remove(name, lookup)) {
                                        resolved.accept(address);
                                    }
                                },
                                e -> failed(name, lookup, failures, e)));
    }

    private void failed(InetSocketAddress name, Lookup lookup, int failures, Throwable e) {
        if (disposed) {
            return;
        }
        if (failures == 0) {
            unknown.accept(name, e);
        }
        long delay = Math.min(LAST_DELAY, FIRST_DELAY << Math.min(10, failures));
        lookup.timer().update(loop.schedule(() -> attempt(name, lookup, failures + 1), delay, TimeUnit.MILLISECONDS));
    }

    private static InetSocketAddress lookup(InetSocketAddress name) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(name.getHostString(), name.getPort());
        if (address.isUnresolved()) {
            throw new UnknownHostException(name.getHostString());
        }
        return address;
    }

    /** Returns true if a name may still be resolved. */
    boolean hasHope() {
        return !lookups.isEmpty();
    }

    /** Cancels all lookups. */
    @Override
    public void dispose() {
        disposed = true;
        List.copyOf(lookups.values()).forEach(Lookup::dispose);
        lookups.clear();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
