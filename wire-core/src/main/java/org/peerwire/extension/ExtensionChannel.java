/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The messages of one extension on one wire. */
public interface ExtensionChannel {

    /** The name of the extension. */
    String name();

    /** Whether the peer has listed the extension and not withdrawn it; changes with each extended handshake. */
    boolean supported();

    /**
     * What the peer sends, from the subscription on, in order: everything behind the id. The buffers are on the heap and
     * need no release. The same rules as for {@code Wire.inbound()} hold: any number of subscribers, each with its own
     * bounded queue; only this extension's messages wait in it.
     */
    Flux<ByteBuf> inbound();

    /**
     * Sends one message on subscription, with the number the peer gave the extension.
     *
     * @param payload everything behind the id; its ownership passes to the wire
     * @return completes when the bytes have been given to the socket; fails with {@link IllegalStateException} when the
     *     peer does not support the extension at that moment
     */
    Mono<Void> send(ByteBuf payload);
}
