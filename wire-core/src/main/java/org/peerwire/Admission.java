/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import reactor.core.publisher.Mono;

/** Decides on an incoming handshake. */
@FunctionalInterface
public interface Admission {
    /**
     * Who we are to this peer. Called on the event loop once the peer's 68 bytes have come and before one of ours has
     * been sent; nothing more is read until the answer is there.
     *
     * @param theirs what the peer presented
     * @param from where it connects from
     * @return the peer we present, whose info hash must be the one asked for; empty closes the connection without an
     *     answer, and so does an error
     */
    Mono<LocalPeer> admit(Handshake theirs, SocketAddress from);
}
