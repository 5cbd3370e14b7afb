/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * A {@link WireServer} that listens. Thread-safe. {@link #dispose()} stops accepting and leaves the wires open;
 * {@link #close(Duration)} ends them too. Returned by {@link WireServer#bind()}; not to be implemented by users.
 */
public interface BoundServer extends DisposableServer {

    /**
     * Stops the server on subscription, in this order:
     *
     * <ol>
     * <li>It accepts no more connections.
     * <li>Connections without a wire are closed at once, and reported to {@link WireServer#onFailure}.
     * <li>Each wire is closed by {@link Wire#close(Duration)}: it answers the requests that have arrived, writes its
     *     queue and ends its output. Its handler runs on until then, and is cancelled at the end of the wire.
     * <li>At the deadline, the connections that are left are cut.
     * </ol>
     *
     * @param deadline the time until everything is closed; 1 ms to 365 days, counted by
     *     {@link WireOptions#scheduler()}. A second call may only shorten the first
     * @return completes when the port is free and all connections are closed; never fails. A cancellation does not
     *     stop the closing
     * @throws IllegalArgumentException for a deadline outside the range
     */
    Mono<Void> close(Duration deadline);

    /** Returns the number of accepted connections that are not closed, with or without a wire. */
    int connections();

    /** Stops accepting, at once and for good. Leaves the wires open. */
    @Override
    void dispose();

    /** Completes when the server has stopped accepting and its port is free. Never fails. */
    @Override
    Mono<Void> onDispose();

    /**
     * Stops the server as {@link #close(Duration)} and waits. Blocks, so it must not be called on an event loop.
     *
     * @throws IllegalStateException if the connections are not closed one second after the deadline
     */
    @Override
    void disposeNow(Duration deadline);
}
