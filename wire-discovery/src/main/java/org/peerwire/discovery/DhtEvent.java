/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An event of a {@link Dht}. */
public sealed interface DhtEvent {

    /**
     * A socket is open.
     *
     * @param local its address
     */
    record Listening(InetSocketAddress local) implements DhtEvent {}

    /**
     * A socket cannot be opened. The node works with the others.
     *
     * @param local the address
     * @param cause the failure
     */
    record NotListening(InetSocketAddress local, Throwable cause) implements DhtEvent {}

    /**
     * A bootstrap has ended. Without nodes it is repeated, at most every five minutes.
     *
     * @param nodes the number of nodes in the table
     */
    record Bootstrapped(int nodes) implements DhtEvent {}

    /**
     * The name of a bootstrap node cannot be resolved.
     *
     * @param address the name
     * @param cause the failure
     */
    record Unresolved(InetSocketAddress address, Throwable cause) implements DhtEvent {}

    /**
     * Others have agreed on our external address (BEP 42).
     *
     * @param address the address
     */
    record ExternalAddress(InetAddress address) implements DhtEvent {}
}
