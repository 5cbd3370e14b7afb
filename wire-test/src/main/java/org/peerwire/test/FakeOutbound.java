/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.peerwire.ConnectionException;
import org.peerwire.MessageSink;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/** The outgoing direction of a {@link FakeWire}: records the messages, and lets sends wait or fail. */
final class FakeOutbound implements MessageSink {
    private final FakeWire wire;
    private final List<Message> sent = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Sinks.Empty<Void>> reading = new AtomicReference<>(read());
    private volatile boolean refusing;

    FakeOutbound(FakeWire wire) {
        this.wire = wire;
    }

    void refuse(boolean refuse) {
        refusing = refuse;
    }

    void stopReading() {
        reading.set(Sinks.empty());
    }

    void startReading() {
        reading.getAndSet(read()).tryEmitEmpty();
    }

    private static Sinks.Empty<Void> read() {
        Sinks.Empty<Void> read = Sinks.empty();
        read.tryEmitEmpty();
        return read;
    }

    List<Message> takeSent() {
        synchronized (sent) {
            List<Message> all = List.copyOf(sent);
            sent.clear();
            return all;
        }
    }

    /**
     * Returns a send that runs the recording on subscription and completes when the peer reads.
     *
     * @param what names the message in an error
     * @param supported false if the peer does not understand the message
     */
    Mono<Void> sending(String what, BooleanSupplier supported, Runnable recording) {
        return Mono.defer(() -> {
            if (wire.isDisposed()) {
                return Mono.error(closed());
            }
            if (refusing || !supported.getAsBoolean()) {
                return Mono.error(new IllegalStateException("the peer does not support " + what));
            }
            Mono<Void> read = reading.get().asMono();
            recording.run();
            return Mono.firstWithSignal(read, wire.onClose().onErrorComplete().then(Mono.error(FakeOutbound::closed)));
        });
    }

    private static ConnectionException closed() {
        return new ConnectionException(ConnectionException.Reason.CLOSED, "the wire has ended");
    }

    @Override
    public Mono<Void> send(Message message) {
        return sending("the message", () -> true, () -> sent.add(message));
    }

    @Override
    public Mono<Void> send(Publisher<? extends Message> messages) {
        return Flux.from(messages).concatMap(this::send, 1).then();
    }

    @Override
    public EmitResult tryEmit(Message message) {
        if (wire.isDisposed()) {
            ReferenceCountUtil.release(message);
            return EmitResult.FAIL_TERMINATED;
        }
        sent.add(message);
        return EmitResult.OK;
    }
}
