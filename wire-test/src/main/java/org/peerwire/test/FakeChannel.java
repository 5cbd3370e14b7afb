/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.extension.ExtensionChannel;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The messages of one extension on a {@link FakeWire}. */
final class FakeChannel implements ExtensionChannel {
    private final FakeWire wire;
    private final String name;
    private final Sinks.Many<ByteBuf> raw = Emissions.sink();
    private final Map<Function<?, ?>, Decoded<?>> decoded = Collections.synchronizedMap(new IdentityHashMap<>());
    private final List<ByteBuf> sent = Collections.synchronizedList(new ArrayList<>());
    private volatile Consumer<? super ByteBuf> peer = payload -> {};

    FakeChannel(FakeWire wire, String name) {
        this.wire = wire;
        this.name = name;
    }

    // ---- the peer's side ----

    void receive(ByteBuf payload) {
        Emissions.emit(() -> raw.tryEmitNext(payload));
        streams().forEach(stream -> stream.receive(payload.duplicate()));
    }

    void onSend(Consumer<? super ByteBuf> peer) {
        this.peer = peer;
    }

    List<ByteBuf> takeSent() {
        synchronized (sent) {
            List<ByteBuf> all = List.copyOf(sent);
            sent.clear();
            return all;
        }
    }

    int subscribers() {
        return raw.currentSubscriberCount()
                + streams().stream().mapToInt(Decoded::subscribers).sum();
    }

    void end(@Nullable Throwable cause) {
        Emissions.terminate(raw, cause);
        streams().forEach(stream -> stream.end(cause));
    }

    private List<Decoded<?>> streams() {
        synchronized (decoded) {
            return List.copyOf(decoded.values());
        }
    }

    // ---- the wire's side ----

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean supported() {
        return wire.peerSupports(name);
    }

    @Override
    public Flux<ByteBuf> inbound() {
        return raw.asFlux().onBackpressureBuffer().map(ByteBuf::duplicate);
    }

    @Override
    @SuppressWarnings("unchecked") // a stream is kept under its own decoder
    public <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        return Flux.defer(() -> {
            Decoded<T> stream = (Decoded<T>) decoded.computeIfAbsent(decoder, absent -> new Decoded<>(decoder));
            wire.endIfEnded(stream::end);
            return stream.values.asFlux().onBackpressureBuffer();
        });
    }

    @Override
    public Mono<Void> send(ByteBuf payload) {
        return Mono.defer(() -> {
            ByteBuf copy = Unpooled.copiedBuffer(payload);
            payload.release();
            return wire.out().sending(name, this::supported, () -> {
                sent.add(copy);
                peer.accept(copy.duplicate());
            });
        });
    }

    /** The stream of the subscribers that share a decoder. */
    private static final class Decoded<T> {
        private final Function<? super ByteBuf, ? extends @Nullable T> decoder;
        private volatile Sinks.Many<T> values = Emissions.sink();

        Decoded(Function<? super ByteBuf, ? extends @Nullable T> decoder) {
            this.decoder = decoder;
        }

        void receive(ByteBuf payload) {
            if (subscribers() == 0) {
                return;
            }
            Sinks.Many<T> current = values;
            T value;
            try {
                value = decoder.apply(payload);
            } catch (RuntimeException e) {
                values = Emissions.sink(); // the failure is for the present subscribers, later ones get new messages
                Emissions.terminate(current, e);
                return;
            }
            if (value != null) {
                Emissions.emit(() -> current.tryEmitNext(value));
            }
        }

        int subscribers() {
            return values.currentSubscriberCount();
        }

        void end(@Nullable Throwable cause) {
            Emissions.terminate(values, cause);
        }
    }
}
