/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Pulls a source of messages while the socket takes data: a few at a time, and more when those have been written. */
final class PublisherSend implements CoreSubscriber<Message> {
    private static final int PULL = 16;

    private final OutboundQueue outbound;
    private final MonoSink<Void> sink;
    private volatile @Nullable Subscription source;

    @EventLoopOnly
    private int outstanding;

    @EventLoopOnly
    private boolean done;

    PublisherSend(OutboundQueue outbound, MonoSink<Void> sink) {
        this.outbound = outbound;
        this.sink = sink;
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(source, s)) {
            source = s;
            outbound.onLoop(() -> {
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
            outbound.batch(() -> s.request(PULL)); // a source that answers at once fills one flush
        }
    }

    @Override
    public void onNext(Message message) {
        outbound.onLoop(() -> {
            if (done) {
                ReferenceCountUtil.release(message);
                return;
            }
            try {
                outbound.requireNegotiated(message);
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
        outbound.onLoop(() -> {
            finish();
            outbound.enqueue(new Outgoing(null, sink, null, null, Outgoing.Origin.USER));
        });
    }

    @Override
    public void onError(Throwable t) {
        outbound.onLoop(() -> {
            finish();
            sink.error(t);
        });
    }

    void cancel() {
        outbound.onLoop(() -> {
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
