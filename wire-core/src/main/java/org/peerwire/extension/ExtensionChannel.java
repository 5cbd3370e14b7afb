/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
     * Returns the messages as values, in order: the same as {@link #inbound()} with a decoder applied once for each message,
     * however many subscribers pass the same decoder. So several parts of a program share one decoded stream.
     *
     * <p>A message is decoded when it arrives, on the event loop, while at least one subscriber is there. The decoder is told
     * apart by identity: keep it in a field. The value must not refer to the buffer after the call and must be immutable,
     * because subscribers share it.
     *
     * @param decoder the payload to a value, or to null to leave the message out; an exception fails the subscribers and leaves the wire open
     * @return completes when the wire ends in order, fails with the error that ended it
     */
    <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder);

    /**
     * Sends one message on subscription, with the number the peer gave the extension.
     *
     * @param payload everything behind the id; its ownership passes to the wire
     * @return completes when the bytes have been given to the socket; fails with {@link IllegalStateException} when the
     *     peer does not support the extension at that moment
     */
    Mono<Void> send(ByteBuf payload);
}
