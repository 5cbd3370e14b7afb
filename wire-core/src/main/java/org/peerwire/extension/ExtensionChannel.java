/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The messages of one extension on one wire. Thread-safe. Received messages are signalled on the event loop of the
 * wire.
 */
public interface ExtensionChannel {

    /** Returns the name of the extension. */
    String name();

    /**
     * Returns true if a message can be sent now: the peer lists the extension, and no private torrent forbids it. May
     * change with each extended handshake.
     */
    boolean supported();

    /**
     * Returns the payloads of the peer's messages, without the id, from the subscription on and in order. The buffers
     * are on the heap and need no release. The rules of {@code Wire.inbound()} apply: any number of subscribers, each
     * with its own bounded queue. Only messages of this extension enter the queue.
     *
     * @return completes after an orderly end; fails with the error that ended the wire
     */
    Flux<ByteBuf> inbound();

    /**
     * Returns the messages as decoded values, from the subscription on and in order. The same as {@link #inbound()},
     * but each message is decoded once for all subscribers with the same decoder. Several parts of a program can thus
     * share one stream.
     *
     * <p>A message is decoded on arrival, on the event loop, if there is a subscriber. Decoders are compared by
     * identity: keep the decoder in a field. The value must be immutable, because subscribers share it, and must not
     * refer to the buffer.
     *
     * @param decoder returns the value of a payload, or null to skip the message; must not block. An exception fails
     *     the subscribers and leaves the wire open
     * @return completes after an orderly end; fails with the error that ended the wire
     */
    <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder);

    /**
     * Sends one message on subscription, with the id that the peer assigned to the extension. It can be subscribed to
     * once.
     *
     * @param payload the bytes after the id; they belong to the wire from the subscription on, also if the message is
     *     refused
     * @return completes when the bytes have been given to the socket. Fails with {@link IllegalStateException} if
     *     {@link #supported()} is false, and otherwise as {@code MessageSink.send(Message)}
     */
    Mono<Void> send(ByteBuf payload);
}
