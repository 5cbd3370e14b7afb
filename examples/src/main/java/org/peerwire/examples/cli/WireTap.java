/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import org.peerwire.Wire;

/** An observer of the wires of a swarm, such as a log. Its methods must be thread-safe, and must not throw. */
interface WireTap {
    /** A tap that ignores everything. */
    WireTap NONE = new WireTap() {
        @Override
        public void opened(Wire wire) {}

        @Override
        public void failed(InetSocketAddress to, Throwable reason) {}
    };

    /** Called on the event loop of a new wire, before its first read. A subscription made here misses no message. */
    void opened(Wire wire);

    /** Called on the thread of the swarm after a dial that opened no wire. */
    void failed(InetSocketAddress to, Throwable reason);
}
