/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The sink for messages to the peer. Thread-safe: messages of one thread are written in its order.
 *
 * <p>A message passed in belongs to the wire, which releases it once, also if it is refused. A choke, unchoke,
 * interested or not interested that changes nothing is not written. Publishers signal completion on the event loop, and
 * a refusal on the subscribing thread.
 */
public interface MessageSink {

    /**
     * Sends one message on subscription. A message with a buffer can be subscribed to once. Without a subscription its
     * buffer is not released.
     *
     * @return completes when the bytes have been given to the socket, and a cancellation does not withdraw the message.
     *     Fails with {@link ConnectionException} CLOSED if the wire ends first, or OVERFLOW if
     *     {@link WireOptions#outboundQueue()} messages wait. Fails with {@link IllegalStateException} if the message
     *     belongs to a feature that was not negotiated
     */
    Mono<Void> send(Message message);

    /**
     * Sends the messages of a publisher on subscription. Requests them only while the socket takes data, so a peer that
     * reads nothing stops the publisher. {@link WireOptions#outboundQueue()} does not apply.
     *
     * @return completes when the publisher has completed and all its bytes have been given to the socket; a
     *     cancellation cancels the publisher. Fails with the publisher's error, which leaves the wire open. Fails with
     *     {@link ConnectionException} CLOSED if the wire ends first, and with {@link IllegalStateException} as
     *     {@link #send(Message)}
     */
    Mono<Void> send(Publisher<? extends Message> messages);

    /**
     * Queues one message and returns at once.
     *
     * @return OK if it was queued; FAIL_OVERFLOW if {@link WireOptions#outboundQueue()} messages wait; FAIL_TERMINATED
     *     if the wire has ended. Never FAIL_NON_SERIALIZED
     * @throws IllegalStateException if the message belongs to a feature that was not negotiated: for example a Fast
     *     message without Fast, or an extended message without the extension protocol
     */
    Sinks.EmitResult tryEmit(Message message);
}
