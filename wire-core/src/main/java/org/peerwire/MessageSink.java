/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The way out. Safe from any thread; messages of one thread leave in its order. A message passed in is the wire's to
 * release, also when it is refused. Choke, unchoke, interested and not interested that change nothing are left out.
 */
public interface MessageSink {

    /**
     * Sends one message on subscription. A message with a buffer can be sent once; one that is never subscribed to is
     * never released.
     *
     * @return completes when the bytes have been given to the socket; fails with {@link ConnectionException} when the
     *     wire ends first or {@link WireOptions#outboundQueue()} messages are waiting already, with
     *     {@link IllegalStateException} for a message the peer has not negotiated. Cancelling does not take it back
     */
    Mono<Void> send(Message message);

    /**
     * Sends the messages of a source, pulled only while the socket takes data: a peer that does not read stops the
     * source.
     *
     * @return completes when the source has completed and all its bytes have been given to the socket; an error of the
     *     source is passed on and leaves the wire open; cancelling cancels the source
     */
    Mono<Void> send(Publisher<? extends Message> messages);

    /**
     * Sends one message without waiting.
     *
     * @return OK when it was queued; FAIL_OVERFLOW when {@link WireOptions#outboundQueue()} messages are waiting
     *     already; FAIL_TERMINATED when the wire has ended. Never FAIL_NON_SERIALIZED
     * @throws IllegalStateException for a message the peer has not negotiated: a Fast message without Fast, an extended
     *     message without the extension protocol
     */
    Sinks.EmitResult tryEmit(Message message);
}
