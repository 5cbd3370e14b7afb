/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.ConnectionException;
import org.peerwire.MessageSink;
import org.peerwire.internal.loop.Mailbox;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The sink of the user: takes messages on any thread and moves them to the queue on the event loop, all at once. */
public final class Outbox implements MessageSink {
    private final WireContext context;
    private final Negotiation negotiation;
    private final OutboundQueue queue;
    private final int limit;
    private final Mailbox<Outgoing> mailbox;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates the sink of a queue.
     *
     * @param limit the number of single messages that may wait to be written
     */
    public Outbox(WireContext context, Negotiation negotiation, OutboundQueue queue, int limit) {
        this.context = context;
        this.negotiation = negotiation;
        this.queue = queue;
        this.limit = limit;
        this.mailbox = new Mailbox<>(context, queue::batch, queue::enqueue);
    }

    @Override
    public Mono<Void> send(Message message) {
        return Mono.create(sink -> {
            try {
                negotiation.require(message);
            } catch (IllegalStateException e) {
                ReferenceCountUtil.release(message);
                sink.error(e);
                return;
            }
            if (waiting.incrementAndGet() > limit) {
                waiting.decrementAndGet();
                ReferenceCountUtil.release(message);
                sink.error(new ConnectionException(
                        ConnectionException.Reason.OVERFLOW,
                        limit + " messages wait to be written, which is the limit; wait until earlier sends complete"));
                return;
            }
            offer(new Outgoing(message, sink, null, waiting, Outgoing.Origin.USER));
        });
    }

    @Override
    public Mono<Void> send(Publisher<? extends Message> messages) {
        return Mono.create(sink -> {
            PublisherSend send = new PublisherSend(context, negotiation, queue, sink);
            sink.onDispose(send::cancel);
            messages.subscribe(send);
        });
    }

    @Override
    public Sinks.EmitResult tryEmit(Message message) {
        try {
            negotiation.require(message);
        } catch (IllegalStateException e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        if (context.isEnded()) {
            ReferenceCountUtil.release(message);
            return Sinks.EmitResult.FAIL_TERMINATED;
        }
        if (waiting.incrementAndGet() > limit) {
            waiting.decrementAndGet();
            ReferenceCountUtil.release(message);
            return Sinks.EmitResult.FAIL_OVERFLOW;
        }
        return offer(new Outgoing(message, null, null, waiting, Outgoing.Origin.USER))
                ? Sinks.EmitResult.OK
                : Sinks.EmitResult.FAIL_TERMINATED;
    }

    /** Queues on any thread. Returns false if the wire has ended and the message has been refused. */
    private boolean offer(Outgoing outgoing) {
        if (context.loop().inEventLoop()) {
            mailbox.readWaiting();
            return queue.enqueue(outgoing);
        }
        mailbox.put(outgoing);
        return true;
    }
}
