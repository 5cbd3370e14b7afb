/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import reactor.core.publisher.Mono;

/** The decision on an incoming handshake: accept it for a torrent, or refuse it. */
@FunctionalInterface
public interface Admission {
    /**
     * Returns the peer to present to a connecting peer. Called on the event loop after the peer's 68 bytes and before
     * any byte of this side's handshake; must not block. Nothing more is decoded until the result signals, on any
     * thread.
     *
     * @param theirs the handshake of the peer
     * @param from the address of the peer
     * @return the peer to present, with the info hash of {@code theirs}; empty, an error or another info hash closes
     *     the connection without an answer. {@link WireOptions#handshakeTimeout()} applies
     */
    Mono<LocalPeer> admit(Handshake theirs, SocketAddress from);
}
