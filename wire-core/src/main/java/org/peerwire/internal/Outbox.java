/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.ConnectionException;
import org.peerwire.MessageSink;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** The user's side of the outbound queue: any thread drops messages here, the event loop takes them all at once. */
final class Outbox implements MessageSink {
    private final OutboundQueue queue;
    private final EventLoop loop;
    private final int limit;
    private final Queue<Outgoing> mailbox =
            Queues.<Outgoing>unboundedMultiproducer().get();
    private final AtomicInteger mailboxSize = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    Outbox(OutboundQueue queue, EventLoop loop, int limit) {
        this.queue = queue;
        this.loop = loop;
        this.limit = limit;
    }

    @Override
    public Mono<Void> send(Message message) {
        return Mono.create(sink -> {
            try {
                queue.requireNegotiated(message);
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
                        limit + " messages are waiting to be written already: wait for earlier sends to complete"));
                return;
            }
            offer(new Outgoing(message, sink, null, waiting, Outgoing.Origin.USER));
        });
    }

    @Override
    public Mono<Void> send(Publisher<? extends Message> messages) {
        return Mono.create(sink -> {
            PublisherSend send = new PublisherSend(queue, sink);
            sink.onDispose(send::cancel);
            messages.subscribe(send);
        });
    }

    @Override
    public Sinks.EmitResult tryEmit(Message message) {
        try {
            queue.requireNegotiated(message);
        } catch (IllegalStateException e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        if (queue.isTerminated()) {
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

    /** Queues from any thread; false when the wire has ended and the message has been refused. */
    private boolean offer(Outgoing outgoing) {
        if (loop.inEventLoop()) {
            return queue.enqueue(outgoing);
        }
        mailbox.add(outgoing);
        if (mailboxSize.getAndIncrement() == 0) {
            Loops.run(loop, this::readMailbox);
        }
        return true;
    }

    private void readMailbox() {
        queue.batch(() -> {
            int size = mailboxSize.get();
            do {
                for (int i = 0; i < size; i++) {
                    Outgoing next = mailbox.poll();
                    if (next != null) {
                        queue.enqueue(next);
                    }
                }
                size = mailboxSize.addAndGet(-size);
            } while (size != 0);
        });
    }
}
