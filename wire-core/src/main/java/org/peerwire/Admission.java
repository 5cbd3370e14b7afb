/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import reactor.core.publisher.Mono;

/** The decision on an incoming handshake: accept it for a torrent, or refuse it. */
@FunctionalInterface
public interface Admission {
    /**
     * Returns the peer to present to a connecting peer. Called on the event loop after the first 48 bytes of the peer
     * and before any byte of this side's handshake; must not block. Nothing more is decoded until the result signals,
     * on any thread.
     *
     * <p>The peer id is not part of the decision, because some peers send it only after the answer. The handler of the
     * wire finds it in {@link Wire#remote()} and may close the wire.
     *
     * @param theirs the torrent that the peer asks for, and its features
     * @param from the address of the peer
     * @return the peer to present, with the info hash of {@code theirs}; empty, an error or another info hash closes
     *     the connection without an answer. {@link WireOptions#handshakeTimeout()} applies
     */
    Mono<LocalPeer> admit(HandshakeStart theirs, SocketAddress from);
}
