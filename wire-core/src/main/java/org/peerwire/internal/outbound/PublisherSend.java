/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Mailbox;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Pulls a publisher of messages while the socket takes data: a few at a time, and more when those have been written.
 */
final class PublisherSend implements CoreSubscriber<Message> {
    private static final int PULL = 16;

    private final WireContext context;
    private final Negotiation negotiation;
    private final OutboundQueue outbound;
    private final MonoSink<Void> sink;
    private final Mailbox<Runnable> signals;
    private volatile @Nullable Subscription source;

    @EventLoopOnly
    private int outstanding;

    @EventLoopOnly
    private boolean done;

    PublisherSend(WireContext context, Negotiation negotiation, OutboundQueue outbound, MonoSink<Void> sink) {
        this.context = context;
        this.negotiation = negotiation;
        this.outbound = outbound;
        this.sink = sink;
        this.signals = new Mailbox<>(context, outbound::batch, Runnable::run);
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(source, s)) {
            source = s;
            context.run(() -> {
                if (done) {
                    s.cancel(); // cancelled while it subscribed
                } else {
                    outbound.add(this);
                }
            });
        }
    }

    @EventLoopOnly
    void pull() {
        Subscription s = source;
        if (!done && outstanding == 0 && s != null) {
            outstanding = PULL;
            outbound.batch(() -> s.request(PULL)); // a publisher that answers at once fills one flush
        }
    }

    @Override
    public void onNext(Message message) {
        signals.put(() -> {
            if (done) {
                ReferenceCountUtil.release(message);
                return;
            }
            try {
                negotiation.require(message);
            } catch (IllegalStateException e) {
                ReferenceCountUtil.release(message);
                outbound.remove(this);
                fail(e);
                return;
            }
            outbound.enqueue(new Outgoing(message, null, this::written, null, Outgoing.Origin.USER));
        });
    }

    @EventLoopOnly
    private void written() {
        if (--outstanding == 0 && outbound.isWritable()) {
            pull();
        }
    }

    @Override
    public void onComplete() {
        signals.put(() -> {
            finish();
            outbound.enqueue(new Outgoing(null, sink, null, null, Outgoing.Origin.USER));
        });
    }

    @Override
    public void onError(Throwable t) {
        signals.put(() -> {
            finish();
            sink.error(t);
        });
    }

    void cancel() {
        context.run(() -> {
            if (!done) {
                finish();
                Subscription s = source;
                if (s != null) {
                    s.cancel();
                }
            }
        });
    }

    @EventLoopOnly
    void fail(Throwable cause) {
        if (!done) {
            done = true;
            Subscription s = source;
            if (s != null) {
                s.cancel();
            }
            sink.error(cause);
        }
    }

    @EventLoopOnly
    private void finish() {
        done = true;
        outbound.remove(this);
    }
}
